// The programs that netexec starts → a row for each that the caller's runs take, and for what else is missing.
import { needs, needsOf, optionsOf, packageOf, tools } from '../tools/tool-table.ts';
import type { Need } from '../tools/tool-table.ts';
import { ways as entries } from '../ways/ways.ts';
import type { DoctorFacts, ToolFacts } from './doctor-facts.ts';
import { row } from './doctor-row.ts';
import type { DoctorRow } from './doctor-row.ts';

export function examineTools({ tools: found, ways }: Pick<DoctorFacts, 'tools' | 'ways'>): readonly DoctorRow[] {
  const way = ways.find((each) => each.way !== undefined)?.kind;
  const { needs: ofWay, mayNeed } = way === undefined ? { needs: [], mayNeed: [] } : entries[way];
  return found.flatMap((tool) => examineTool(tool, [...ofEveryRun, ...ofWay], [...onDemand, ...mayNeed]));
}

const ofEveryRun = ['run', 'view', 'questions'] as const;

/** What is worth a row only where it cannot be had. */
const onDemand: readonly Need[] = ['pid', 'user'];

function examineTool(tool: ToolFacts, always: readonly Need[], others: readonly Need[]): readonly DoctorRow[] {
  const { name, file, lacks } = tool;
  const taking = needsOf(name);
  const isUnmet = (need: Need): boolean =>
    taking.includes(need) && (file === undefined || optionsOf(name, need).some((option) => lacks.includes(option)));
  const without = (need: Need): string | undefined => tools[name].without?.[need];
  const fatal = always.filter((need) => isUnmet(need) && without(need) === undefined);
  if (fatal.length > 0) return [row('tools', name, 'bad', fault(tool, fatal), cure(tool))];
  const unmet = [...always, ...others].find(isUnmet);
  if (unmet !== undefined) {
    const lost = without(unmet) ?? `${needs[unmet]} needs it`;
    const isLittle = !always.includes(unmet) && without(unmet) !== undefined;
    return [row('tools', name, isLittle ? 'plain' : 'warning', `${fault(tool, [unmet])}: ${lost}`, cure(tool))];
  }
  return taking.some((need) => always.includes(need)) ? [row('tools', name, 'good', file ?? '')] : [];
}

function fault({ name, file, lacks }: ToolFacts, unmet: readonly Need[]): string {
  if (file === undefined) return 'not found in the system directories';
  const options = unmet.flatMap((need) => optionsOf(name, need)).filter((option) => lacks.includes(option));
  return `${file} lacks ${[...new Set(options)].join(', ')}`;
}

const cure = ({ name, file }: ToolFacts): string =>
  `install ${file === undefined ? '' : 'the one from '}${packageOf(name)}`;
