// Writes the part of completion that needs no engine, as a shell file that the launcher reads: what is the same on every
// machine. A test compares it with src/core/arguments/completion.ts, from whose tables it is made; of the rest it says nothing.
import { candidatesOf, directives, optionCandidates } from '../../src/core/arguments/completion.ts';
import type { Candidate } from '../../src/core/arguments/completion.ts';
import { formsOf } from '../../src/core/arguments/option-words.ts';
import { actions, netexecOptions } from '../../src/core/arguments/options.ts';
import type { NamedOption } from '../../src/core/arguments/options.ts';

/** Options that change what is behind them: their words are for the executable. */
const isChanging = ({ name }: NamedOption): boolean => name === 'container' || name in actions;

export function completionScript(): string {
  const valued = netexecOptions.filter(({ value }) => value !== undefined);
  const switches = netexecOptions.filter((option) => option.value === undefined && !isChanging(option));
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
      ${valued.flatMap(formsOf).join(' | ')})
        [ $# -gt 2 ] || { netexec_value "$1" "$2"; return; }
        shift 2
        ;;
      ${[...switches.flatMap(formsOf), ...valued.map(({ name }) => `--${name}=*`)].join(' | ')}) shift ;;
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
${valued.flatMap(valueArm).join('\n')}
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

/** What a TAB at its value is answered with, where that is the same everywhere. */
function valueArm(option: NamedOption): readonly string[] {
  const forms = formsOf(option).join(' | ');
  const offers = option.value?.offers ?? 'files';
  if (typeof offers === 'object')
    return [`    ${forms}) netexec_offer "$2" <<'END' ;;\n${lines(candidatesOf(offers))}\nEND`];
  return offers === 'files' || offers === 'folders' ? [`    ${forms}) echo :${directives[offers]}; exit ;;`] : [];
}

const lines = (candidates: readonly Candidate[]): string =>
  candidates.map(({ value, description }) => (description === '' ? value : `${value}\t${description}`)).join('\n');
