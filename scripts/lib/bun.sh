# The Bun that the checkout's packages bring: sourced, in the checkout's folder.
# shellcheck shell=bash

# Becomes Bun with these words.
become_bun() {
  local bun
  # Bun would keep what it makes of the sources in HOME, without end.
  export BUN_RUNTIME_TRANSPILER_CACHE_PATH=0
  # npm may bring both those of glibc and of musl: one of them runs here.
  for bun in node_modules/@oven/bun-linux-*/bin/bun; do
    # What the caller has set is for other programs of Bun's.
    if env -u BUN_OPTIONS -u BUN_BE_BUN "$bun" --version >/dev/null 2>&1; then
      exec env -u BUN_OPTIONS -u BUN_BE_BUN "$bun" --no-env-file "$@"
    fi
  done
  echo "scripts/${0##*/}: no Bun in node_modules runs on this machine, $(uname -m)" >&2
  exit 1
}
