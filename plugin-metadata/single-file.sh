# shellcheck shell=sh disable=SC2016,SC2034,SC2154 # part of launcher.sh
# The single file: netexec's files follow this text. No shell reads them: it has become Node by then.
netexec_file=$netexec_here
# Node would compile all of the file, or take it for an ES module where a package.json nearby says so. So Node begins with
# these words instead: they find netexec.cjs by the last line, which tells where in the file each is, and run that.
netexec_first='
const fs = require("fs");
const [, file] = process.argv;
const descriptor = fs.openSync(file);
const read = (start, length) => {
  const bytes = Buffer.alloc(length);
  fs.readSync(descriptor, bytes, 0, length, start);
  return bytes.toString();
};
const tail = 4096;
let places;
try {
  places = JSON.parse(read(fs.fstatSync(descriptor).size - tail, tail).split("\n//").pop());
} catch {
  console.error(`netexec: ${file} is not whole\nhint: get it anew, and compare it with its line in SHA256SUMS`);
  process.exit(125);
}
const part = (name) => read(...places[name]);
const { Script } = require("vm");
// That of these words would look for packages in the folder that the caller is in.
const own = require("module").createRequire("/");
const text = `(function (require, __dirname, netexecPart) {${part("netexec.cjs")}\n})`;
new Script(text, { filename: `${file}/netexec.cjs` }).runInThisContext()(own, file, part);
'

# What a TAB is answered with, whatever runs here, is answered without Node.
# shellcheck source=/dev/null # scripts/completion.ts writes it
case $1 in
  __complete*)
. ./completion.sh
    ;;
esac

# netexec.cjs refuses one that is too old.
netexec_node=$(command -v node) || {
  echo 'netexec: Node.js is not on your PATH' >&2
  echo 'hint: this file runs with the Node.js 22.18 or newer that is found there: install one' >&2
  exit 125
}
