import { expect, it } from 'vitest';
import type { PromotionReport } from '../../domain/experiments/experiment-control.js';
import { promotionText } from './promotion-text.js';

const report: PromotionReport = {
  state: 'promoted',
  reason: 'new promoted',
  isOverridden: false,
  isApplied: true,
  decision: { kind: 'promote', reason: 'new is better.' },
  moves: [{ model: 'm', label: 'stable', version: '2' }],
};

it('says what was done, with the decision when that was overridden', () => {
  expect(promotionText('e', 'new', report, false)).toBe('e: promoted, new promoted');
  const against: PromotionReport = {
    ...report,
    isOverridden: true,
    decision: { kind: 'continue', reason: 'too few plans.' },
  };
  expect(promotionText('e', 'new', against, false)).toBe(
    'e: promoted, new promoted\noverridden: the analysis decides `continue` for new: too few plans.',
  );
});

it('does not call a promotion a dry run that an older host has made', () => {
  expect(promotionText('e', 'new', report, true)).toMatch(/new IS promoted: this host is older/);
});
