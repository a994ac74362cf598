import { OUTCOMES, type Outcome } from '../../domain/advice/advice.js';
import type { Notice } from '../../domain/session/advisor.js';
import { PLANES, type Plane } from '../../domain/session/plan-finish.js';
import { DataType } from '../../generated/dh/advisor/v1/DataType.js';
import { DirectionSpace } from '../../generated/dh/advisor/v1/DirectionSpace.js';
import { NoticeKind } from '../../generated/dh/advisor/v1/NoticeKind.js';
import { Outcome as WireOutcome } from '../../generated/dh/advisor/v1/Outcome.js';
import { Plane as WirePlane } from '../../generated/dh/advisor/v1/Plane.js';
import { Quality as WireQuality } from '../../generated/dh/advisor/v1/Quality.js';
import { Role as WireRole } from '../../generated/dh/advisor/v1/Role.js';
import { Solver as WireSolver } from '../../generated/dh/advisor/v1/Solver.js';
import { StopDecision } from '../../generated/dh/advisor/v1/StopDecision.js';
import { StopReason as WireStopReason } from '../../generated/dh/advisor/v1/StopReason.js';
import { TensorKind as WireTensorKind } from '../../generated/dh/advisor/v1/TensorKind.js';
import { Verdict } from '../../generated/dh/advisor/v1/Verdict.js';
import {
  QUALITIES,
  type Quality,
  ROLES,
  type Role,
  SOLVERS,
  type Solver,
  type StopReason,
  TENSOR_KINDS,
  type TensorKind,
} from '../../plugin-sdk/index.js';

/** `TENSOR_KIND_PATH_DENSITY` -> `path-density`. */
function wordOf(prefix: string, wireName: string): string {
  return wireName.slice(prefix.length).toLowerCase().replaceAll('_', '-');
}

/** Numbers of a wire enum by the project's own words. Fails at start-up when a word has no number. */
function numbersOf<Word extends string, N extends number>(
  prefix: string,
  wire: Readonly<Record<string, N>>,
  words: readonly Word[],
): Readonly<Record<Word, N>> {
  const byWord = new Map(
    Object.entries(wire).map(([name, value]) => [wordOf(prefix, name), value]),
  );
  return Object.fromEntries(
    words.map((word) => {
      const value = byWord.get(word);
      if (value === undefined) throw new Error(`the wire contract has no ${prefix}${word}`);
      return [word, value];
    }),
  ) as Readonly<Record<Word, N>>;
}

function wordsOf<Word extends string>(
  numbers: Readonly<Record<Word, number>>,
): ReadonlyMap<number, Word> {
  return new Map((Object.entries(numbers) as [Word, number][]).map(([word, n]) => [n, word]));
}

export const roleNumber = numbersOf<Role, WireRole>('ROLE_', WireRole, ROLES);
export const roleWord = wordsOf(roleNumber);

export const solverNumber = numbersOf<Solver, WireSolver>('SOLVER_', WireSolver, SOLVERS);
export const solverWord = wordsOf(solverNumber);

export const tensorKindNumber = numbersOf<TensorKind, WireTensorKind>(
  'TENSOR_KIND_',
  WireTensorKind,
  TENSOR_KINDS,
);
export const tensorKindWord = wordsOf(tensorKindNumber);

export const outcomeNumber = numbersOf<Outcome, WireOutcome>('OUTCOME_', WireOutcome, OUTCOMES);

export const planeWord = wordsOf(numbersOf<Plane, WirePlane>('PLANE_', WirePlane, PLANES));

export const qualityNumber = numbersOf<Quality, WireQuality>('QUALITY_', WireQuality, QUALITIES);
export const qualityWord = wordsOf(qualityNumber);

const verdictNames = Object.entries(Verdict) as [string, Verdict][];
export const verdictWord: ReadonlyMap<number, string> = new Map(
  verdictNames.map(([name, value]) => [value, wordOf('VERDICT_', name)]),
);
export const verdictNumber: ReadonlyMap<string, Verdict> = new Map(
  verdictNames.map(([name, value]) => [wordOf('VERDICT_', name), value]),
);

export const stopReasonWord: ReadonlyMap<number, StopReason> = new Map(
  Object.entries(WireStopReason).map(([name, value]) => [
    value,
    wordOf('STOP_REASON_', name) as StopReason,
  ]),
);

export const noticeNumber: Readonly<Record<Notice['kind'], NoticeKind>> = {
  draining: NoticeKind.NOTICE_KIND_DRAINING,
  'role-off': NoticeKind.NOTICE_KIND_ROLE_OFF,
  ignored: NoticeKind.NOTICE_KIND_IGNORED,
};

export const decisionNumber = {
  continue: StopDecision.STOP_DECISION_CONTINUE,
  'stop-level': StopDecision.STOP_DECISION_STOP_LEVEL,
  'stop-all': StopDecision.STOP_DECISION_STOP_ALL,
} as const;

export const spaceNumber = {
  weights: DirectionSpace.DIRECTION_SPACE_WEIGHTS,
  parameters: DirectionSpace.DIRECTION_SPACE_PARAMETERS,
} as const;

/** Bytes per element. */
export const elementBytes: Readonly<Record<number, number>> = {
  [DataType.DATA_TYPE_FLOAT32]: 4,
  [DataType.DATA_TYPE_FLOAT64]: 8,
  [DataType.DATA_TYPE_INT16]: 2,
  [DataType.DATA_TYPE_UINT16]: 2,
  [DataType.DATA_TYPE_UINT8]: 1,
  [DataType.DATA_TYPE_INT32]: 4,
};
