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
    'the trailer `dh-error-code`; an optimizer then carries on without advice. Plugin codes appear as the reason of a',
    'refused plugin in the log and in `ListPlugins`.',
    '',
    '| code | gRPC status | logged as | try again | message |',
    '|---|---|---|---|---|',
    ...rows,
    '',
  ].join('\n');
}
