# What a script that a developer types answers to words, before it does anything: sourced, with a variable `usage`.
# shellcheck shell=bash disable=SC2154

answer_help() {
  case ${1:-} in -h | --help) echo "$usage" && exit ;; esac
}

refuse_words() {
  echo "$usage" >&2
  exit 2
}
