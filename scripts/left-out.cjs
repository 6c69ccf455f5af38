// Stands in the executable for what dockerode loads but netexec never uses (scripts/executable.ts).
module.exports = {};
