// The table of who may do what names everything that there is, and nothing else.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FakeClock } from '@dh-advisor/plugin-sdk/testing';
import type { Command } from 'commander';
import { expect, it, onTestFinished } from 'vitest';
import { advisorProgram } from '../../../src/cli/program.js';
import { CALL_NEEDS, COMMAND_NEEDS, ROUTE_NEEDS } from '../../../src/domain/operations/access.js';
import { fakeGuard } from '../../../src/domain/testing/fake-operations.js';
import { type AppDependencies, createApp } from '../../../src/http/routes/app.js';
import { grpc } from '../stream/testing/plan-client.js';
import { contractOfInference, contractOfOperators } from './ask.js';

it('every call of every service', () => {
  const services = {
    PlanAdvisor: grpc.dh.advisor.v1.PlanAdvisor,
    OperatorService: contractOfOperators().OperatorService,
    GRPCInferenceService: contractOfInference().GRPCInferenceService,
  };
  const calls = Object.entries(services).flatMap(([name, { service }]) =>
    Object.keys(service).map((method) => `${name}.${method}`),
  );
  const others = ['Health.Check', 'Health.Watch', 'Health.List'];
  const reflection = ['ServerReflection.ServerReflectionInfo'];
  expect(Object.keys(CALL_NEEDS).sort()).toEqual([...calls, ...others, ...reflection].sort());
});

it("every route of the page's address", () => {
  const folder = mkdtempSync(join(tmpdir(), 'dh-advisor-page-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, 'index.html'), '');
  const needed = {
    clock: new FakeClock(),
    guard: fakeGuard(undefined),
    dashboardDirectory: folder,
    openInference: { modelServer: undefined, maxMessageBytes: 1 },
  };
  const app = createApp(needed as unknown as AppDependencies);
  const routes = app.routes
    .filter(({ method }) => method !== 'ALL')
    .map(({ method, path }) => `${method} ${path}`);
  expect([...new Set(routes)].sort()).toEqual(Object.keys(ROUTE_NEEDS).sort());
});

function leavesOf(command: Command, path = ''): readonly (readonly [string, Command])[] {
  return command.commands.flatMap((child): readonly (readonly [string, Command])[] => {
    const name = `${path} ${child.name()}`.trim();
    return child.commands.length === 0 ? [[name, child]] : leavesOf(child, name);
  });
}

it('every command that asks a host', () => {
  const asking = leavesOf(advisorProgram(() => undefined))
    .filter(([name, command]) => {
      const asksHost = command.options.some(({ long }) => long === '--host');
      return asksHost && name !== 'certs dev';
    })
    .map(([name]) => name);
  expect(Object.keys(COMMAND_NEEDS).sort()).toEqual([...asking].sort());
});
