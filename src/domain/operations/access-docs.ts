import {
  ACCESS_ROLES,
  CALL_NEEDS,
  CHANGE_NEEDS,
  COMMAND_NEEDS,
  isAllowed,
  type Need,
  ROUTE_NEEDS,
} from './access.js';

const mark = (need: Need, role: (typeof ACCESS_ROLES)[number]) =>
  need === 'anyone' || isAllowed([role], need) ? 'yes' : '';

function table(head: string, needs: Readonly<Record<string, Need>>): readonly string[] {
  return [
    `| ${[head, 'needs', ...ACCESS_ROLES].join(' | ')} |`,
    `|${'---|'.repeat(ACCESS_ROLES.length + 2)}`,
    ...Object.entries(needs).map(
      ([what, need]) =>
        `| ${[`\`${what}\``, need, ...ACCESS_ROLES.map((role) => mark(need, role))].join(' | ')} |`,
    ),
  ];
}

/** Who may do what, as Markdown: the text of docs/access.md. */
export function accessDocs(): string {
  return [
    '# Who may do what',
    '',
    'Generated from `src/domain/operations/access.ts` by `npm run gen:docs`. How somebody gets a role: [security](security.md#roles). What needs `viewer` is open unless',
    '`access.reads` is `viewer`, and plans unless `access.plans` is `optimizer`. Changes are open on loopback alone, while neither token, certificate nor JWT can prove who asks.',
    '',
    '## Commands',
    '',
    ...table('command', COMMAND_NEEDS),
    '',
    '## Changes of the configuration',
    '',
    'By command, by `ChangeConfiguration` and by the page.',
    '',
    ...table('change', CHANGE_NEEDS),
    '',
    '## Calls over gRPC',
    '',
    'An arm of an experiment is forced (`dh-experiment-arm`) with the role operator in addition.',
    '',
    ...table('call', CALL_NEEDS),
    '',
    "## Routes of the page's address",
    '',
    ...table('route', ROUTE_NEEDS),
    '',
  ].join('\n');
}
