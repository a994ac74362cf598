import type { Binding } from '../../domain/advice/advice.js';
import type { ReasonCount, RoleCounts } from '../../domain/session/plan-counts.js';
import type { RoleSummary, RoleView } from './plan-views.js';

const sum = (counts: readonly { readonly count: number }[]) =>
  counts.reduce((total, { count }) => total + count, 0);

const isValue = ({ outcome }: ReasonCount) => outcome === 'applied' || outcome === 'clamped';
const isNothing = ({ outcome, reason }: ReasonCount) =>
  outcome === 'default' || reason === 'not-applicable';

/** One role of a plan as it is shown: its binding, and what the session has counted. */
export class RoleWatch {
  readonly #binding: Binding;
  readonly #counts: RoleCounts;

  constructor(binding: Binding, counts: RoleCounts) {
    this.#binding = binding;
    this.#counts = counts;
  }

  get role() {
    return this.#binding.role;
  }

  get isOn(): boolean {
    return this.#binding.plugin !== '';
  }

  summary(): RoleSummary {
    const reasons = this.#reasons;
    const valued = reasons.filter(isValue);
    const unvalued = reasons.filter((reason) => !isValue(reason));
    const verdicts = this.#counts.verdicts();
    const used = sum(verdicts.filter(({ verdict }) => verdict === 'accepted'));
    const nothingToSay = sum(unvalued.filter(isNothing));
    const { role, plugin } = this.#binding;
    return {
      role,
      plugin,
      answered: sum(valued),
      nothingToSay,
      heldBack: sum(unvalued) - nothingToSay,
      used,
      notUsed: sum(verdicts) - used,
    };
  }

  view(): RoleView {
    const { pluginVersion, model, modelSha256 } = this.#binding;
    return {
      ...this.summary(),
      pluginVersion,
      model,
      modelSha256,
      outcomes: this.#reasons.map(({ outcome, reason, count }) => ({
        word: reason === '' ? outcome : `${outcome}: ${reason}`,
        count,
      })),
      verdicts: this.#counts.verdicts().map(({ verdict, count }) => ({ word: verdict, count })),
    };
  }

  /** A role that is off is not asked: what became of its questions goes without saying. */
  get #reasons(): readonly ReasonCount[] {
    return this.isOn ? this.#counts.reasons() : [];
  }
}
