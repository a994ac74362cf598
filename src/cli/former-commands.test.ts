import type { Command } from 'commander';
import { expect, it } from 'vitest';
import { currentCommand, FORMER_COMMANDS } from './former-commands.js';
import { advisorProgram } from './program.js';

const program = advisorProgram(() => undefined);

function commandAt(words: readonly string[]): Command | undefined {
  return words.reduce<Command | undefined>(
    (command, word) => command?.commands.find((child) => child.name() === word),
    program,
  );
}

it.each(FORMER_COMMANDS)('`%s` is taken as `%s`, and the notice names both', (former, current) => {
  const { words, notice } = currentCommand([former, '--json', 'x']);
  expect(words).toEqual([...current.split(' '), '--json', 'x']);
  expect(notice).toContain(`\`dh-advisor ${former}\` is called \`dh-advisor ${current}\` now`);
  expect(commandAt(current.split(' '))).toBeDefined();
  // A command that has the name again would never be reached.
  expect(commandAt([former])).toBeUndefined();
});

it('leaves what is called so still, and what is no command', () => {
  for (const words of [['status', 'check'], ['role', 'use'], ['--help'], [], ['no-such']]) {
    expect(currentCommand(words)).toEqual({ words });
  }
});

it('finds the help of a former name', () => {
  expect(currentCommand(['help', 'check']).words).toEqual(['config', 'check', '--help']);
  expect(currentCommand(['help', 'status'])).toEqual({ words: ['help', 'status'] });
});
