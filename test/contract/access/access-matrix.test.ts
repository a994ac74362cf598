// Every call, route and command against every role and none, by certificate, by token and by JWT, over the real listeners: all as docs/access.md says.
import { afterEach, describe, expect, it } from 'vitest';
import { advisorProgram } from '../../../src/cli/program.js';
import { OPERATOR_TOKEN_VARIABLE } from '../../../src/composition/operator-access.js';
import {
  type AccessRole,
  CALL_NEEDS,
  CHANGE_NEEDS,
  COMMAND_NEEDS,
  isAllowed,
  type Need,
  ROUTE_NEEDS,
} from '../../../src/domain/operations/access.js';
import { startTestHost, type TestHost } from '../stream/testing/test-host.js';
import {
  type AccessCaller,
  type CallerRole,
  startCertificateHost,
  startTokenHost,
} from './access-host.js';
import {
  type Admission,
  admissionOf,
  askPage,
  callInference,
  callOperator,
  openPlan,
} from './ask.js';

const WAYS = ['certificate', 'token', 'JWT'] as const;

async function startFor(
  way: (typeof WAYS)[number],
): Promise<{ host: TestHost; callers: readonly AccessCaller[] }> {
  if (way === 'certificate') return startCertificateHost();
  const { host, byToken, byJwt } = await startTokenHost();
  return { host, callers: way === 'token' ? byToken : byJwt };
}

const isIn = (role: CallerRole, need: Need) =>
  need === 'anyone' || (role !== 'none' && isAllowed([role as AccessRole], need));

/** Whoever shows nothing is not known; whoever shows something that has no role is known and may nothing. */
function expectedFor({ role, token, tls }: AccessCaller, need: Need): Admission {
  if (isIn(role, need)) return 'in';
  return token === '' && tls === undefined ? 'unknown' : 'forbidden';
}

const EXAMPLES: Readonly<Record<string, string>> = {
  ':session': 'x',
  ':generation{[0-9]{1,9}}': '1',
  ':plane': 'axial',
  ':id': 'x',
  '/*': '/page.js',
};

function exampleOf(route: string): string {
  return Object.entries(EXAMPLES).reduce((text, [name, value]) => text.replace(name, value), route);
}

const CHANGES = {
  enable: { enable: { role: 'ROLE_EARLY_STOPPING' } },
  disable: { disable: { role: 'ROLE_EARLY_STOPPING' } },
  use: { use: { role: 'ROLE_EARLY_STOPPING', plugin: 'off' } },
  label: { label: { model: 'a', label: 'b', version: '1' } },
  reload: { reload: {} },
  rollback: { rollBack: {} },
} as const;

describe.each(WAYS)('by %s', (way) => {
  it('every call over gRPC is for whom the table says', async () => {
    const { host, callers } = await startFor(way);
    for (const caller of callers) {
      for (const [call, need] of Object.entries(CALL_NEEDS)) {
        const [service, method = ''] = call.split('.');
        const what = `${caller.role} ${call}`;
        const expected = [what, expectedFor(caller, need)];
        if (service === 'OperatorService') {
          expect([what, await callOperator(host, caller, method)]).toEqual(expected);
        } else if (service === 'GRPCInferenceService' && need !== 'anyone') {
          expect([what, await callInference(host, caller, method)]).toEqual(expected);
        } else if (service === 'PlanAdvisor') {
          expect([what, await openPlan(host, caller)]).toEqual(expected);
        } else expect(need).toBe('anyone');
      }
      for (const [kind, change] of Object.entries(CHANGES)) {
        const need = CHANGE_NEEDS[kind as keyof typeof CHANGE_NEEDS];
        const origin = { who: 'a', why: 'b', via: 'command' };
        const request = { ...change, origin, isDryRun: true };
        const admission = await callOperator(host, caller, 'ChangeConfiguration', request);
        expect([caller.role, kind, admission]).toEqual([
          caller.role,
          kind,
          expectedFor(caller, need),
        ]);
      }
    }
  });

  it("every route of the page's address is for whom the table says", async () => {
    const { host, callers } = await startFor(way);
    for (const caller of callers) {
      for (const [route, need] of Object.entries(ROUTE_NEEDS)) {
        const { status, admission } = await askPage(host, caller, exampleOf(route));
        const expected = expectedFor(caller, need);
        expect([caller.role, route, admission]).toEqual([caller.role, route, expected]);
        if (expected !== 'in') expect(status).toBe(expected === 'unknown' ? 401 : 403);
      }
      for (const change of [{ kind: 'reload' }, { kind: 'rollback' }]) {
        const body = JSON.stringify({ who: 'a', why: 'b', change, dryRun: true });
        const route = 'POST /api/configuration/changes';
        const { admission } = await askPage(host, caller, route, {}, body);
        expect([caller.role, admission]).toEqual([caller.role, expectedFor(caller, 'admin')]);
      }
    }
  });
});

const FLAGS: Readonly<Record<string, readonly string[]>> = {
  'role on': ['early-stopping', '--dry-run'],
  'role off': ['early-stopping', '--dry-run'],
  'role use': ['early-stopping', 'off', '--dry-run'],
  'model label': ['a', 'b', '1', '--dry-run'],
  'config reload': ['--dry-run'],
  'config rollback': ['--dry-run'],
  'experiment promote': ['none', '--arm', 'a', '--reason', 'a test', '--dry-run'],
  'experiment release': ['none', '--reason', 'a test'],
};

describe('commands', () => {
  const before = process.env[OPERATOR_TOKEN_VARIABLE];
  afterEach(() => {
    if (before === undefined) delete process.env[OPERATOR_TOKEN_VARIABLE];
    else process.env[OPERATOR_TOKEN_VARIABLE] = before;
  });

  it('are for whom the table says', async () => {
    const { host, byToken, folder } = await startTokenHost();
    const config = folder.write('host.yaml', 'version: 1\n');
    for (const caller of byToken) {
      process.env[OPERATOR_TOKEN_VARIABLE] = caller.token;
      for (const [command, need] of Object.entries(COMMAND_NEEDS)) {
        const words = [
          ...command.split(' '),
          ...(FLAGS[command] ?? []),
          ...(command.startsWith('experiment') ? ['--config', config] : []),
          '--host',
          host.operatorAddress,
        ];
        const program = advisorProgram(() => undefined);
        let code: string | undefined;
        try {
          await program.parseAsync(words, { from: 'user' });
        } catch (thrown) {
          code = /\[([a-z-]+)\]$/.exec(String(thrown))?.[1] ?? String(thrown);
        }
        const expected = [caller.role, command, expectedFor(caller, need)];
        expect([caller.role, command, admissionOf(code)], code).toEqual(expected);
      }
    }
  });
});

it('without any of it everything is as it was: open on loopback, but for arms', async () => {
  const host = await startTestHost();
  const caller = { role: 'none', token: '', tls: undefined } as const;
  for (const call of Object.keys(CALL_NEEDS)) {
    const [service, method = ''] = call.split('.');
    if (service === 'OperatorService') expect(await callOperator(host, caller, method)).toBe('in');
  }
  for (const route of Object.keys(ROUTE_NEEDS)) {
    expect((await askPage(host, caller, exampleOf(route))).admission).toBe('in');
  }
  expect(await openPlan(host, caller)).toBe('in');
  expect(await openPlan(host, caller, { 'dh-experiment-arm': 'a=b' })).toBe('unknown');
});
