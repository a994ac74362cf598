import { expect, it } from 'vitest';
import type { PromotionReport } from '../../domain/experiments/experiment-control.js';
import type { PromoteExperimentResponse } from '../../generated/dh/advisor/v1/PromoteExperimentResponse.js';
import {
  decodePromotion,
  decodePromotionReport,
  encodePromotion,
  encodePromotionRequest,
} from './promotion-codec.js';

const asked = {
  experiment: 'e',
  arm: 'new',
  label: 'canary',
  origin: { who: 'me', why: 'a test', via: 'command' as const },
  isOverride: true,
  isDryRun: true,
};
const report: PromotionReport = {
  state: 'full',
  reason: 'would be promoted',
  isOverridden: true,
  isApplied: false,
  decision: { kind: 'continue', reason: 'too few plans' },
  moves: [{ model: 'm', label: 'canary', version: '2' }],
};

it('questions and answers come through whole', () => {
  expect(decodePromotion(encodePromotionRequest(asked) as never)).toEqual(asked);
  const plain = { ...asked, label: undefined, isOverride: false, isDryRun: false };
  expect(decodePromotion(encodePromotionRequest(plain) as never)).toEqual(plain);
  expect(decodePromotionReport(encodePromotion(report) as PromoteExperimentResponse)).toEqual(
    report,
  );
});

it('an answer without a decision is that of an older host, which has done what it was asked', () => {
  const older = { state: 'promoted', reason: 'new promoted' } as PromoteExperimentResponse;
  expect(decodePromotionReport(older)).toMatchObject({ state: 'promoted', isApplied: true });
});
