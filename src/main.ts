#!/usr/bin/env node
import { currentCommand } from './cli/former-commands.js';
import { advisorProgram } from './cli/program.js';
import { describeThrown } from './domain/errors/host-error.js';

const program = advisorProgram((line) => process.stdout.write(`${line}\n`));

try {
  const { words, notice } = currentCommand(process.argv.slice(2));
  if (notice !== undefined) process.stderr.write(`${notice}\n`);
  await program.parseAsync(words, { from: 'user' });
} catch (thrown) {
  process.stderr.write(`${describeThrown(thrown)}\n`);
  process.exit(1);
}
