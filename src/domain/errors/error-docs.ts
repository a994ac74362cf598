import { HELD_PREFIX, REASON_WORDS } from '../advice/reason-words.js';
import { ERROR_CODES, type ErrorCodeEntry } from './error-codes.js';

const retryWords: Readonly<Record<ErrorCodeEntry['retry'], string>> = {
  no: 'no; fix the cause first',
  'new-session': 'with a new session',
  later: 'after a while',
};

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}

/** The table of errors as Markdown: the text of docs/errors.md. */
export function errorDocs(): string {
  const rows = Object.entries(ERROR_CODES).map(
    ([code, entry]) =>
      `| \`${code}\` | ${entry.status} | ${entry.level} | ${retryWords[entry.retry]} | ${cell(entry.message)} |`,
  );
  return [
    '# Errors',
    '',
    'Generated from `src/domain/errors/error-codes.ts` by `npm run gen:docs`. A stream that ends with an error carries the code in',
    'the trailer `dh-error-code`; an optimizer then carries on without advice. Stock clients find the same as `google.rpc.Status` in',
    '`grpc-status-details-bin`: ErrorInfo (the code, and what it is about), RetryInfo where another try can help, BadRequest with the field.',
    'Plugin codes appear as the reason of a refused plugin in the log and in `ListPlugins`.',
    '',
    '| code | gRPC status | logged as | try again | message |',
    '|---|---|---|---|---|',
    ...rows,
    '',
    '## Reasons of advice',
    '',
    'Generated from `src/domain/advice/reason-words.ts`. Every answer of a role has an outcome, and a reason where that is not `APPLIED`',
    '(`AdviceHeader.reason`). Words stay as they are, so that they can be counted. What the plugin said when it gave no value stands beside',
    'it in `AdviceHeader.detail`, and once a plan in the log (`plugin gave no advice`, `plugin declined the plan`). A value that is repeated',
    `after a failure (\`on_failure: hold_last\`) has \`${HELD_PREFIX}\` before the reason of the failure.`,
    '',
    '| reason | means |',
    '|---|---|',
    ...Object.entries(REASON_WORDS).map(([word, means]) => `| \`${word}\` | ${cell(means)} |`),
    '',
  ].join('\n');
}
