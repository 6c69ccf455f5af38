// What is typed for the recording: line by line, on one screen after the other. A comment is there at once.

export const size = { columns: 88, rows: 19 } as const;

export const prompt = '~/shop $';

export const screens: readonly (readonly string[])[] = [
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
];
