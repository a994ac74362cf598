import type { Advice } from '../../domain/advice/advice.js';
import { relativeDistance } from '../../domain/replay/compare-advice.js';
import {
  type AdviceParts,
  advicePartsOf,
  type RecordedAdvice,
} from '../../domain/replay/replay.js';
import type { ReadonlyVector } from '../../plugin-sdk/index.js';

/** Where two answers part, and what stands there in each. */
export interface AnswerDifference {
  /** `outcome`, `score`, a field, or an element such as `direction[17]`. */
  readonly what: string;
  readonly recorded: string;
  readonly replayed: string;
}

const nothing: AdviceParts = { fields: {}, vectors: new Map() };

function inWords({
  outcome,
  reason,
}: {
  readonly outcome: string;
  readonly reason: string;
}): string {
  return reason === '' ? outcome : `${outcome} (${reason})`;
}

/** As in a recording, where numbers are shortest decimals that come back bit for bit. */
const text = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

function fieldDifference(
  recorded: AdviceParts['fields'],
  replayed: AdviceParts['fields'],
): AnswerDifference | undefined {
  for (const what of new Set([...Object.keys(recorded), ...Object.keys(replayed)])) {
    const [recordedPart, replayedPart] = [text(recorded[what]), text(replayed[what])];
    if (recordedPart !== replayedPart)
      return { what, recorded: recordedPart, replayed: replayedPart };
  }
  return undefined;
}

function vectorDifference(
  name: string,
  recorded: ReadonlyVector | undefined,
  replayed: ReadonlyVector | undefined,
): AnswerDifference | undefined {
  if (recorded?.length !== replayed?.length) {
    const described = (vector: ReadonlyVector | undefined) => `${vector?.length ?? 'no'} elements`;
    return { what: name, recorded: described(recorded), replayed: described(replayed) };
  }
  for (let i = 0; i < (recorded?.length ?? 0); i += 1) {
    const [recordedPart, replayedPart] = [recorded?.[i], replayed?.[i]];
    // A zero has a sign, which counts as a bit.
    if (!Object.is(recordedPart, replayedPart)) {
      return {
        what: `${name}[${i}]`,
        recorded: String(recordedPart),
        replayed: String(replayedPart),
      };
    }
  }
  return undefined;
}

/** Undefined when both say the same, bit for bit; latencies and the generation are no part of it. */
export function answerDifference(
  recorded: RecordedAdvice | undefined,
  replayed: Advice | undefined,
): AnswerDifference | undefined {
  if (recorded === undefined || replayed === undefined) {
    if (recorded === undefined && replayed === undefined) return undefined;
    const described = (answer: { outcome: string; reason: string } | undefined) =>
      answer === undefined ? 'no answer' : inWords(answer);
    return { what: 'answer', recorded: described(recorded), replayed: described(replayed) };
  }
  const [recordedPart, replayedPart] = [inWords(recorded), inWords(replayed)];
  if (recordedPart !== replayedPart)
    return { what: 'outcome', recorded: recordedPart, replayed: replayedPart };
  const parts = replayed.value === undefined ? nothing : advicePartsOf(replayed.value);
  const before = recorded.value ?? nothing;
  const inScore = fieldDifference(
    { score: recorded.score },
    { score: replayed.outOfDistributionScore },
  );
  const inFields = inScore ?? fieldDifference(before.fields, parts.fields);
  if (inFields !== undefined) return inFields;
  for (const name of new Set([...before.vectors.keys(), ...parts.vectors.keys()])) {
    const found = vectorDifference(name, before.vectors.get(name), parts.vectors.get(name));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** |a - b| / |b| of the vector of two answers, b the recorded one; undefined unless both have it at the same length. */
export function vectorDistance(
  recorded: RecordedAdvice | undefined,
  replayed: Advice | undefined,
): number | undefined {
  if (recorded?.value === undefined || replayed?.value === undefined) return undefined;
  // Advice has one vector at most, whatever its role.
  const [vector] = recorded.value.vectors;
  if (vector === undefined) return undefined;
  const [name, recordedPart] = vector;
  const replayedPart = advicePartsOf(replayed.value).vectors.get(name);
  return replayedPart?.length === recordedPart.length
    ? relativeDistance(replayedPart, recordedPart)
    : undefined;
}
