// What documents tell readers to type exists: models and their versions, commands, options, scripts.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { advisorProgram } from '../../src/cli/program.js';
import {
  codeIn,
  documents,
  type Example,
  matchesIn,
  root,
  words,
} from '../support/doc-examples.js';

const models = join(root, 'models');
const isModel = (name: string) => existsSync(join(models, name));
const isShipped = (name: string, version: string) => existsSync(join(models, name, version));

/** Each as `where: what`, so that a failure names its lines. */
function missingVersions(pattern: RegExp, isNamed: (name: string) => boolean = () => true) {
  return documents()
    .flatMap((document) => matchesIn(document, pattern))
    .filter(({ match: [, name = '', version = ''] }) => isNamed(name) && !isShipped(name, version))
    .map(({ where, match: [text] }) => `${where}: ${text}`);
}

describe('models that documents name', () => {
  it('are shipped in that version', () => {
    expect(missingVersions(/\b([a-z][a-z-]*)@(\d+)\b/g)).toEqual([]);
    expect(missingVersions(/\b([a-z][a-z-]*)\/(\d+)\b/g, isModel)).toEqual([]);
    expect(missingVersions(/\blabel ([a-z][a-z-]*) [a-z]+ (\d+)\b/g)).toEqual([]);
  });

  it('are shipped in that version where messages and help of the host name them', () => {
    const files = execFileSync('git', ['ls-files', 'src/*.ts', 'plugins/*.ts'], { cwd: root });
    const sources = files.toString().split('\n');
    const told = sources.filter((path) => path !== '' && !/\.test\.ts$|\/testing\//.test(path));
    const named = told.flatMap((path) => matchesIn(path, /\b([a-z][a-z-]*)@(\d+)\b/g));
    const missing = named.filter(({ match: [, name = '', version = ''] }) => {
      return isModel(name) && !isShipped(name, version);
    });
    expect(missing.map(({ where, match: [text] }) => `${where}: ${text}`)).toEqual([]);
  });

  it('are shipped in the versions that labels point at', () => {
    const labels = documents().flatMap((document) =>
      matchesIn(document, /\b([a-z][a-z-]*): \{ ?((?:\w+: "\d+",? ?)+)\}/g),
    );
    expect(labels.length).toBeGreaterThan(0);
    for (const { where, match } of labels) {
      const [, name = '', versions = ''] = match;
      for (const [, version = ''] of versions.matchAll(/"(\d+)"/g)) {
        expect(isShipped(name, version), `${where}: ${name} ${version}`).toBe(true);
      }
    }
  });
});

const program = advisorProgram(() => undefined);
/** How documents spell the program, before its command. */
const ADVISOR =
  /(?:^|\s|\()(?:dh-advisor|node (?:\S*\/)?dist\/src\/main\.js|node "\$DH_ADVISOR\/dist\/src\/main\.js")\s+([^)]*)/;
/** Stands for what a reader puts in. */
const isPlaceholder = (word: string) => /^[A-Z.[\]<>…]/.test(word) || word.includes('|');

function commandOf(given: readonly string[]): { command: Command; rest: readonly string[] } {
  let command: Command = program;
  let rest = given;
  for (;;) {
    const next = command.commands.find((command) => command.name() === rest[0]);
    if (next === undefined) return { command, rest };
    command = next;
    rest = rest.slice(1);
  }
}

/** What is wrong with a command line of a document; undefined when nothing is. */
function problemOf({ text, isWhole }: Example): string | undefined {
  const given = words(text.replace(/[[\]]/g, ' ')).filter((word) => word !== '|');
  const [first = ''] = given;
  const { command, rest } = commandOf(given);
  if (command === program) {
    const isFree = first.startsWith('-') || isPlaceholder(first) || first === '...';
    if (!isFree) return `no command \`${first}\``;
  }
  const isGroup = command.commands.length > 0;
  const flags = rest.filter((word) => /^--?[a-z]/.test(word)).map((word) => word.split('=')[0]);
  const known = ['-h', '--help', '-V', '--version'];
  const optionOf = (flag = '') =>
    command.options.find(({ short, long }) => flag === short || flag === long);
  // A command line without its command stands for any of them.
  const isAny = command === program;
  for (const flag of flags) {
    if (flag === undefined || known.includes(flag) || optionOf(flag) || isAny) continue;
    return `${command.name()} has no option \`${flag}\``;
  }
  if (!isWhole || isAny || flags.includes('--help')) return undefined;
  if (isGroup) return `${command.name()} needs one of its commands`;
  const missing = command.options.filter(
    ({ mandatory, short, long }) =>
      mandatory && !flags.some((flag) => flag === short || flag === long),
  );
  if (missing.length > 0) return `${command.name()} needs \`${missing[0]?.flags}\``;
  const operands = rest.filter((word, n) => {
    if (word.startsWith('-')) return false;
    const before = optionOf(rest[n - 1]);
    return before === undefined || before.isBoolean();
  });
  const wanted = command.registeredArguments;
  if (operands.length < wanted.filter((argument) => argument.required).length) {
    return `${command.name()} needs \`<${wanted[operands.length]?.name()}>\``;
  }
  const wrong = operands.find((word, n) => {
    const choices = wanted[n]?.argChoices;
    return choices !== undefined && !isPlaceholder(word) && !choices.includes(word);
  });
  return wrong === undefined ? undefined : `${command.name()} does not take \`${wrong}\``;
}

const examples = documents().flatMap((document) => codeIn(document));

/** Command lines of one program, without its name. */
function linesOf(program: RegExp): readonly Example[] {
  return examples.flatMap((example) => {
    const [, text] = program.exec(example.text) ?? [];
    return text === undefined ? [] : [{ ...example, text: text.trim() }];
  });
}

describe('commands that documents tell readers to type', () => {
  it('exist in dh-advisor, with their options and arguments', () => {
    const lines = linesOf(ADVISOR);
    expect(lines.filter(({ isWhole }) => isWhole).length).toBeGreaterThan(15);
    const problems = lines.flatMap((line) => {
      const problem = problemOf(line);
      return problem === undefined ? [] : [`${line.where}: ${problem}`];
    });
    expect(problems).toEqual([]);
  });

  it('exist where operators look them up, without the name of the program', () => {
    const rows = readFileSync(join(root, 'docs/operate.md'), 'utf8').matchAll(/^\| `([^`]+)` \|/gm);
    const commands = [...rows].map(([, text = '']) => text).filter((text) => !text.includes('.'));
    expect(commands.length).toBeGreaterThan(12);
    const faulty = commands.filter((text) => problemOf({ text, where: '', isWhole: false }));
    expect(faulty).toEqual([]);
  });

  it('are scripts of package.json where npm runs them', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const named = documents().flatMap((document) => matchesIn(document, /npm run ([\w:-]+)/g));
    const missing = named.filter(({ match: [, name = ''] }) => !(name in scripts));
    expect(missing.map(({ where, match: [text] }) => `${where}: ${text}`)).toEqual([]);
    const benches = readFileSync(join(root, 'scripts/bench'), 'utf8');
    const known = /^ {2}(rtt \|.*)\) shift/m.exec(benches)?.[1]?.split(' | ') ?? [];
    const run = documents().flatMap((document) =>
      matchesIn(document, /npm run bench -- ([a-z]+)/g),
    );
    expect(run.filter(({ match: [, name = ''] }) => !known.includes(name))).toEqual([]);
  });

  it('are presets of CMake where cmake and ctest take them', () => {
    const presets = JSON.parse(readFileSync(join(root, 'cpp/CMakePresets.json'), 'utf8'));
    const namesOf = (kind: string) => presets[kind].map(({ name }: { name: string }) => name);
    const kinds = {
      cmake: 'configurePresets',
      'cmake --build': 'buildPresets',
      ctest: 'testPresets',
    };
    const named = documents().flatMap((document) =>
      matchesIn(document, /(cmake|cmake --build|ctest) --preset ([a-z][\w-]*)/g),
    );
    expect(named.length).toBeGreaterThan(5);
    const unknown = named.filter(({ match: [, command = '', name] }) => {
      return !namesOf(kinds[command as keyof typeof kinds]).includes(name);
    });
    expect(unknown.map(({ where, match: [text] }) => `${where}: ${text}`)).toEqual([]);
    for (const kind of ['buildPresets', 'testPresets'])
      for (const { configurePreset } of presets[kind])
        expect(namesOf('configurePresets')).toContain(configurePreset);
  });

  const binary = join(root, 'build/cpp/rtmodel/rtmodel');
  it.skipIf(!existsSync(binary))('exist in rtmodel, with their options', () => {
    const help = new Map<string, string>();
    const helpOf = (command: string) => {
      const known = help.get(command) ?? execFileSync(binary, [command, '--help']).toString();
      help.set(command, known);
      return known;
    };
    const commands = [
      ...execFileSync(binary, ['--help'])
        .toString()
        .matchAll(/^ {2}([a-z]+) {2}/gm),
    ];
    const names = commands.map(([, name]) => name);
    expect(names).toContain('optimize');
    const problems = linesOf(/(?:^|\s|build\/cpp\/rtmodel\/)rtmodel\s+(.*)/).flatMap(
      ({ where, text }) => {
        const [command = '', ...rest] = words(text.replace(/[[\]]/g, ' '));
        // Options alone are those of some command.
        const isOption = command.startsWith('-');
        if (!isOption && !isPlaceholder(command) && !names.includes(command)) {
          return [`${where}: no command \`${command}\``];
        }
        const flags = [command, ...rest].flatMap((word) => /^--[a-z][a-z-]*/.exec(word)?.[0] ?? []);
        const of = names.includes(command) ? [command] : names;
        const unknown = flags.filter(
          (flag) =>
            flag !== '--version' &&
            !of.some((name = '') => new RegExp(`${flag}\\b(?!-)`).test(helpOf(name))),
        );
        return unknown.map((flag) => `${where}: no option \`${flag}\``);
      },
    );
    expect(problems).toEqual([]);
  });
});
