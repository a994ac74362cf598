import { TENSOR_KINDS, type TensorKind, type WantedTensor } from '../../plugin-sdk/index.js';

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b);
}

/**
 * The least that serves every plugin: each offered kind once, at the greatest common rhythm. Wanting a kind with
 * iterations (n > 0) includes wanting it at level starts.
 */
export function mergeWanted(
  wants: readonly WantedTensor[],
  offers: readonly TensorKind[],
): readonly WantedTensor[] {
  return TENSOR_KINDS.filter((kind) => offers.includes(kind)).flatMap((kind) => {
    const rhythms = wants.filter((want) => want.kind === kind).map((want) => want.everyN);
    return rhythms.length === 0 ? [] : [{ kind, everyN: rhythms.reduce(gcd, 0) }];
  });
}
