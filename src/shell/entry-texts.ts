// The shell texts that a run of root's has no need of: they are loaded by those that have.
export { default as entry } from './entry.sh';
export { default as waiter } from './waiter.sh';
