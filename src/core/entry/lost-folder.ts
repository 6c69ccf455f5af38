// Said by the last step before COMMAND, which goes back to a folder that has no name any more, as COMMAND's user.
export const lostFolder =
  "netexec: the current directory was deleted, and COMMAND's user may not enter it\n" +
  'hint: use --workdir DIR to run COMMAND in another directory\n';
