// The executable's first lines: which of netexec's programs it is to be, by its first word. A bug ends here, with its stack.
import metadata from '../plugin-metadata/metadata.json' with { type: 'json' };
import { endWith } from './shell/process/end-with.ts';
import { leaveTerminal } from './shell/terminal/foreground.ts';
import { roleWord } from './roles.ts';
import { version } from './version.ts';

process.on('exit', leaveTerminal);

// The first two are the runtime's own.
const [first = '', ...words] = process.argv.slice(2);
switch (first) {
  case roleWord('main'):
    start(words);
    break;
  case roleWord('launch'):
    void import('./shell/enter/launch.ts').then(({ launch }) => launch(words)).catch(endWith);
    break;
  case roleWord('probe'):
    void import('./shell/check/probe.ts');
    break;
  case roleWord('relay'):
    void import('./shell/relay/inner.ts').then(({ relay }) => relay(words)).catch(endWith);
    break;
  case roleWord('near'):
    void import('./shell/relay/near.ts').then(({ near }) => near(words)).catch(endWith);
    break;
  case roleWord('far'):
    void import('./shell/relay/far.ts').then(({ far }) => far()).catch(endWith);
    break;
  case roleWord('hold'):
    void import('./shell/own-container/hold.ts').then(({ hold }) => hold()).catch(endWith);
    break;
  case roleWord('listens'):
    void import('./shell/own-container/hold.ts').then(({ listens }) => listens(words)).catch(endWith);
    break;
  case roleWord('restore'):
    void import('./shell/own-container/replaced.ts')
      .then(({ restoreContainers }) => restoreContainers(words))
      .catch(endWith);
    break;
  case 'docker-cli-plugin-metadata':
    // docker asks before every use; the stream of process.stdout would take as long as all else here.
    // oxlint-disable-next-line no-console
    console.log(JSON.stringify({ ...metadata, Version: version }));
    break;
  default:
    // No launcher has told anything.
    start(['', '', '', ...process.argv.slice(2)]);
}

function start(given: readonly string[]): void {
  void import('./as-called.ts').then(({ main }) => main(given));
}
