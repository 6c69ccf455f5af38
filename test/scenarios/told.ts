// What scenarios tell of how they went: the lines of which scripts/reliability makes the table of faults.
import { appendFileSync } from 'node:fs';

/** A line of that table, for the file that NETEXEC_FAULTS_TABLE names. */
export function tell(what: string, result: string): void {
  const file = process.env['NETEXEC_FAULTS_TABLE'];
  if (file) appendFileSync(file, `${JSON.stringify({ what, result })}\n`);
}
