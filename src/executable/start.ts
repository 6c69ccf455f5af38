// The executable's first lines: which of netexec's programs it is to be, by its first word. A bug ends here, with its stack.
import { main } from './main.ts';
import { roleWord } from './load.ts';

// The first two are the runtime's own.
const [first = '', ...words] = process.argv.slice(2);
switch (first) {
  case roleWord('main'):
    void main(words);
    break;
  case roleWord('launch'):
    void import('./launch.ts').then(({ launch }) => launch(words));
    break;
  case roleWord('probe'):
    void import('../shell/check/probe.ts');
    break;
  default:
    void main(['', '', '', ...process.argv.slice(2)]);
}
