#!/usr/bin/env node
import { advisorProgram } from './cli/program.js';
import { describeThrown } from './domain/errors/host-error.js';

const program = advisorProgram((line) => process.stdout.write(`${line}\n`));

try {
  await program.parseAsync();
} catch (thrown) {
  process.stderr.write(`${describeThrown(thrown)}\n`);
  process.exit(1);
}
