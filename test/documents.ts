// docs/recipes.md as a test reads it: under each heading the files it names and the lines it types.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Recipe {
  readonly title: string;
  readonly files: readonly { readonly name: string; readonly text: string }[];
  readonly commands: readonly Command[];
}

export interface Command {
  readonly line: string;
  /** What it prints, in any order of its two outputs; … is anything. */
  readonly prints: RegExp;
  /** It goes on until Ctrl-C. */
  readonly interrupted: boolean;
}

export function readRecipes(): readonly Recipe[] {
  const text = readFileSync(join(import.meta.dirname, '../../docs/recipes.md'), 'utf8');
  return text
    .split(/^## /m)
    .slice(1)
    .map((section) => {
      const blocks = [...section.matchAll(/(.*)\n+```(\w+)\n([\s\S]*?)^```$/gm)];
      return {
        title: section.split('\n', 1)[0] ?? '',
        files: blocks.flatMap(([, before = '', language, content = '']) =>
          language === 'console' ? [] : [{ name: /`([^`]+)`:$/.exec(before)?.[1] ?? '', text: content }],
        ),
        commands: blocks.flatMap(([, , language, content = '']) =>
          language === 'console' ? content.split(/^\$ /m).slice(1).map(readCommand) : [],
        ),
      };
    });
}

function readCommand(text: string): Command {
  const [line = '', ...output] = text.trimEnd().split('\n');
  const interrupted = output.at(-1) === '^C';
  const wanted = (interrupted ? output.slice(0, -1) : output).join('\n');
  const pattern = wanted
    .split('…')
    .map((part) => escape(part.replaceAll(/ +$/gm, '')))
    .join('[\\s\\S]*');
  return { line, prints: new RegExp(interrupted ? pattern : `^${pattern}\\s*$`), interrupted };
}

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
