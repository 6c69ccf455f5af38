// Stands in the executable for what dockerode loads but netexec never uses (scripts/build.d/executable.ts).
module.exports = {};
