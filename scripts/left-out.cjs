// Stands in the bundle for what dockerode loads but netexec never uses (scripts/build.ts).
module.exports = {};
