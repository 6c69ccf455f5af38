// Writes the part of completion that needs no engine, as a shell file that the launcher reads: what is the same on every
// machine. A test compares it with src/core/arguments/completion.ts, from whose tables it is made; of the rest it says nothing.
import { choices, directives, ofTheShell, optionCandidates } from '../src/core/arguments/completion.ts';
import type { Candidate } from '../src/core/arguments/completion.ts';
import { netexecOptions } from '../src/core/arguments/options.ts';
import type { Option } from '../src/core/arguments/options.ts';

/** Options that change what is behind them: their words are for the executable. */
const changing = [
  'check',
  'doctor',
  'list-networks',
  'list-names',
  'hostaliases',
  'container',
  'man',
  'uninstall',
  'version',
  'help',
];

export function completionScript(): string {
  const valued = netexecOptions.filter(({ value }) => value !== undefined);
  const switches = netexecOptions.filter(({ name, value }) => value === undefined && !changing.includes(name));
  return `# Answers a TAB where no engine and no file of this machine is wanted, and leaves all else to the executable. Made at the build.
netexec_complete() {
  netexec_text=1
  case $1 in *NoDesc) netexec_text= ;; esac
  [ -z "$DOCKER_CLI_DISABLE_COMPLETION_DESCRIPTION" ] || netexec_text=
  shift
  if [ -n "$DOCKER_CLI_PLUGIN_ORIGINAL_CLI_COMMAND" ]; then
    [ "$1" = netexec ] || return
    shift
  fi
  while [ $# -gt 1 ]; do
    case $1 in
      ${valued.flatMap(forms).join(' | ')})
        [ $# -gt 2 ] || { netexec_value "$1" "$2"; return; }
        shift 2
        ;;
      ${[...switches.flatMap(forms), ...valued.map(({ name }) => `--${name}=*`)].join(' | ')}) shift ;;
      -* | '') return ;;
      *)
        shift
        [ $# -eq 1 ] || [ "$1" != -- ] || shift
        [ $# -eq 1 ] || { echo :${directives.files}; exit; }
        case $1 in '' | */* | -*) echo :${directives.files}; exit ;; esac
        return
        ;;
    esac
  done
  case $1 in
    *[!a-z-]*) return ;;
    -*) netexec_offer "$1" <<'END' ;;
${lines(optionCandidates())}
END
  esac
}

netexec_value() {
  case $1 in
${Object.entries(choices)
  .map(
    ([name, candidates]) =>
      `    ${formsOf(name).join(' | ')}) netexec_offer "$2" <<'END' ;;\n${lines(candidates)}\nEND`,
  )
  .join('\n')}
${Object.entries(ofTheShell)
  .map(([name, directive]) => `    ${formsOf(name).join(' | ')}) echo :${directive}; exit ;;`)
  .join('\n')}
  esac
}

netexec_offer() {
  while IFS= read -r netexec_line; do
    case $netexec_line in
      '') ;;
      "$1"*)
        [ -n "$netexec_text" ] || netexec_line=\${netexec_line%%"$netexec_tab"*}
        printf '%s\\n' "$netexec_line"
        ;;
    esac
  done
  echo :${directives.none}
  exit
}

netexec_tab='\t'
netexec_complete "$@"
`;
}

const forms = ({ name, short }: Option): readonly string[] =>
  short === undefined ? [`--${name}`] : [`--${name}`, `-${short}`];

const formsOf = (name: string): readonly string[] => {
  const option = netexecOptions.find((each) => each.name === name);
  return option === undefined ? [] : forms(option);
};

const lines = (candidates: readonly Candidate[]): string =>
  candidates.map(({ value, description }) => (description === '' ? value : `${value}\t${description}`)).join('\n');
