// What is typed for the recordings: line by line, on one screen after the other. A comment is there at once.

export const size = { columns: 88, rows: 19 } as const;

export const prompt = '~/shop $';

/** Goes on behind the prompt, which comes back once this has been printed. */
export interface Background {
  readonly line: string;
  readonly prints: string;
}

export type Typed = string | Background;

/** By the name of the picture in docs/demo. */
export const recordings: Readonly<Record<string, readonly (readonly Typed[])[]>> = {
  recording: [
    [
      '# A Compose project: no port is published',
      'docker netexec --list-networks',
      "# The host's psql, in the network of web",
      "docker netexec web -- psql -h postgres -U app -c 'select * from guest'",
      '# A script of the host: PostgreSQL on one network, Redis on the other',
      'docker netexec web -- python3 copy_rows.py',
    ],
    [
      '# The exit status comes back',
      'docker netexec redis -- curl -sS https://web:8080; echo $?',
      '# So why does it not connect?',
      'docker netexec --check redis https://web:8080',
    ],
  ],
  'stand-in': [
    [
      '# web is being worked on: a script of the host takes its place',
      { line: 'docker netexec --stand-in --replace web -- python3 web.py &', prints: 'web.py listens' },
      '# To the other services it is web',
      'docker compose exec redis wget -qO- http://web:8080',
      '# It ends, and the container is back',
      'kill %1; wait',
      'docker compose exec redis wget -qO- http://web:8080',
    ],
  ],
};

export const lineOf = (typed: Typed): string => (typeof typed === 'string' ? typed : typed.line);
