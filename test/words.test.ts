import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { handWritten, page, plugins, root } from './support/source-files.js';

interface FormerWord {
  readonly former: RegExp;
  readonly say: string;
  /** Files that have to name it: what is stored or what users have written keeps its name. */
  readonly except?: readonly string[];
}

const FORMER_KEYS = [
  'CHANGELOG.md',
  'src/config/config.test.ts',
  'src/config/former-keys.test.ts',
  'src/config/former-keys.ts',
  'test/contract/command.test.ts',
];

/** The word of JWT (RFC 7519) for the host that a token is made for. */
const WHOM_TOKENS_ARE_FOR = [
  'config/host.schema.json',
  'docs/configuration.md',
  'docs/security.md',
  'src/config/access/access-schema.test.ts',
  'src/config/access/access-schema.ts',
  'src/domain/host-config.ts',
  'src/system/access/jwt-tokens.ts',
  'test/contract/access/access-host.ts',
];

/** One word has one meaning, and it is the field's: what things were called, and what they are called now. */
const FORMER: readonly FormerWord[] = [
  { former: /RoleDesk|DeskContext|\bdesks?\b/, say: 'RoleRunner, RunnerContext' },
  { former: /ShadowCrew|\bcrew\b|\bcastOf\b|\bseats?\b/, say: 'ShadowSupervisor, RoleSlot' },
  { former: /ShadowStage|\bstageFor\b/, say: 'ShadowGeneration; a stage is a run of the solver' },
  { former: /WayGiver|way-giver|\b[sS]train\b|[tT]hread-?[sS]train/, say: 'LoadShedder, Overload' },
  { former: /\bbreathe\b/, say: 'yieldToEventLoop' },
  { former: /Shelf\b|\bshel(f|ves)\b/, say: 'Activator: it prepares and commits' },
  { former: /ExperimentStand\b/, say: 'ExperimentState' },
  {
    former: /[aA]udiences?\b|[fF]ollowers?\b|followTogether/,
    say: 'observer',
    except: WHOM_TOKENS_ARE_FOR,
  },
  { former: /\b[rR]ulings?\b|rulingOn|\bConsult\b/, say: 'RoleResult, resultOfError, AskPlugin' },
  { former: /\bwithheld\b/, say: 'noAdvice; held back' },
  { former: /[rR]ed[ -]?[sS]witch|StopSwitch|AdviceSwitch/, say: 'kill switch' },
  { former: /OfferedConfig|InForce\b|isAstray|\boverrul/, say: 'candidate, active, override' },
  { former: /[cC]hanged-?[dD]raw|DRAWN_BY|\b[lL]ots\b|\bby lot\b/, say: 'drift, randomisation' },
  { former: /\bKeeping\b/, say: 'RetentionPolicy' },
  { former: /stepBack|step-back|\bletGo\b|\blets? go\b/, say: 'lowerPriority, release' },
  {
    former: /[a-z]Facts\b|\bfacts\b/,
    say: 'metadata, view or header, by what they are',
    except: [
      'docs/trajectories.md',
      'src/storage/recordings/journal/read-journal.test.ts',
      'src/storage/recordings/journal/recording-format.ts',
    ],
  },
  { former: /changeInWords|[tT]ally\b|Tallied/, say: 'describeChange, counts' },
  { former: /look_every_ms/, say: 'analyse_every_ms', except: FORMER_KEYS },
  { former: /lookAtAll|LookOptions|\b(all|any|every|next|last) looks?\b/, say: 'analysis' },
  { former: /EffectVerdict|MarginVerdict|replayVerdict/, say: 'Conclusion, replaySummary' },
  { former: /\bArmDecision\b|DecisionLog|PanelDecision/, say: 'ArmAction, PlanLog' },
  { former: /RampMove|LabelMove|moveRamp|\bonMove\b/, say: 'RampChange, LabelChange' },
  { former: /\b[mM]end(s|ed|ing)?\b/, say: 'fix' },
  { former: /\b[dD]earer\b/, say: 'costs more' },
  { former: /\b(is|are) sound\b/, say: 'valid' },
];

/** Text files of the repository below some paths, without what is generated, copied or made by a measurement. */
function filesBelow(...paths: readonly string[]): readonly string[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '--', ...paths], {
    cwd: root,
    encoding: 'utf8',
  });
  return listed
    .split('\n')
    .filter((path) => /\.(ts|tsx|mjs|css|md|json|yaml|proto|h|cpp|py)$/.test(path))
    .filter((path) => !/^(src\/generated|test\/fixtures)\//.test(path))
    .filter((path) => path !== 'test/words.test.ts');
}

function breachesOf({ former, say, except = [] }: FormerWord, paths: readonly string[]) {
  return paths
    .filter((path) => !except.includes(path))
    .flatMap((path) =>
      readFileSync(join(root, path), 'utf8')
        .split('\n')
        .flatMap((line, at) =>
          former.test(line) ? [`${path}:${at + 1}: ${former.exec(line)?.[0]} -> ${say}`] : [],
        ),
    );
}

const OURS = [
  ...['src', 'plugins', 'dashboard', 'bench', 'evaluation', 'scripts', 'test', 'docs'],
  ...['proto', 'config', 'deploy', '*.md'],
];

describe('a former word is in no code, document or comment', () => {
  const paths = filesBelow(...OURS);

  it.each(FORMER)('$former: $say', (word) => {
    expect(paths.length).toBeGreaterThan(700);
    expect(breachesOf(word, paths)).toEqual([]);
  });

  it('the plain words are used in the comments of C++ and Python, too', () => {
    const others = filesBelow('cpp', 'integration', 'clients', 'python');
    const plain = FORMER.filter(({ say }) => ['fix', 'costs more'].includes(say));
    expect(others.length).toBeGreaterThan(300);
    expect(plain).toHaveLength(2);
    // C++ keeps `Finding::mend`, which is no comment.
    const found = plain.flatMap((word) => breachesOf(word, others));
    expect(found.filter((place) => !/finding\.h|nifti_header\.cpp/.test(place))).toEqual([]);
  });

  it('would be found', () => {
    const [first] = FORMER;
    expect(first && 'each `RoleDesk` asks'.match(first.former)?.[0]).toBe('RoleDesk');
  });
});

it('what is not a test names its variables by nouns', () => {
  const odd =
    /\b(?:const|let) [[{(]?(?:of|one|own|then|now|here|to|told)\b|\((?:of|one|own|told)(?:: [^)]*)?\) =>/g;
  const files = [...handWritten, ...plugins, ...page].filter(
    ({ path }) => !/\.test\.|\/testing\//.test(path),
  );
  const found = files.flatMap(({ path, text }) =>
    [...text.matchAll(odd)].map(([match]) => `${path}: ${match}`),
  );
  expect(files.length).toBeGreaterThan(300);
  expect(found).toEqual([]);
  expect('const [one, two] = given.map((of) => of)'.match(odd)).toHaveLength(2);
});
