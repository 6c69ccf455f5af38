// Said by the last step before COMMAND, which goes back to a folder that has no name any more, as COMMAND's user.
export const lostFolder =
  "netexec: the folder that netexec was called in was deleted, and COMMAND's user may not enter it\n" +
  'hint: --workdir FOLDER says where COMMAND is to run\n';
