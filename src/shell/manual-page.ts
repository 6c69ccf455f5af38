// The man page docker-netexec(1), which the build makes of the help text and the reference (scripts/manual.ts).
export { default as manualPage } from '../../dist/docker-netexec.1';
