// The host matrix, called by a user without any privilege, on a rootless engine of the user's own.
import { callerNamed, uidOf, useCallers } from './callers.ts';
import { builtPrograms } from './grounds.ts';
import { hostMatrix, project } from './host-matrix.ts';
import { ownMachine } from './machine.ts';

// The callers' machine has the /etc of this moment, and what is installed puts something into it: Java's settings.
await builtPrograms();
const callers = useCallers(project);
const owner = callerNamed('netexec-rootless');
const root = callerNamed('root');
const uid = uidOf(owner);

hostMatrix({
  name: 'the owner of a rootless engine',
  machine: (s) => ownMachine(s, { network: true, within: callers.step(s, root) }),
  // Of those that can, the one that no kind of host has in another form.
  lead: ['chroot', `--userspec=${uid}:${uid}`, '--skip-chdir', '/'],
  options: (s) => callers.step(s, owner),
});
