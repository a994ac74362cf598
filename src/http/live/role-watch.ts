import type { Advice, Binding, Outcome } from '../../domain/advice/advice.js';
import type { Role } from '../../plugin-sdk/index.js';
import type { CountedWord, RoleSummary, RoleView } from './plan-views.js';

/** Reasons are codes of the host; a plugin cannot make more of them than this. */
const MAX_WORDS = 24;

function raise(counts: Map<string, number>, word: string): void {
  const known = counts.get(word);
  if (known === undefined && counts.size >= MAX_WORDS) return;
  counts.set(word, (known ?? 0) + 1);
}

function words(counts: ReadonlyMap<string, number>, prefix = ''): readonly CountedWord[] {
  return [...counts].map(([word, count]) => ({ word: `${prefix}${word}`, count }));
}

/** Counts of one role of a plan. */
export class RoleWatch {
  readonly role: Role;
  readonly #binding: Binding;
  readonly #valued = new Map<string, number>();
  readonly #unvalued = new Map<Outcome, Map<string, number>>();
  readonly #verdicts = new Map<string, number>();
  #nothingToSay = 0;
  #heldBack = 0;

  constructor(binding: Binding) {
    this.role = binding.role;
    this.#binding = binding;
  }

  get isOn(): boolean {
    return this.#binding.plugin !== '';
  }

  answered({ outcome, reason, value }: Advice): void {
    if (value !== undefined) {
      raise(this.#valued, outcome);
      return;
    }
    if (outcome === 'default' || reason === 'not-applicable') this.#nothingToSay += 1;
    else this.#heldBack += 1;
    let reasons = this.#unvalued.get(outcome);
    if (reasons === undefined) {
      reasons = new Map();
      this.#unvalued.set(outcome, reasons);
    }
    raise(reasons, reason);
  }

  verdict(verdict: string): void {
    raise(this.#verdicts, verdict);
  }

  summary(): RoleSummary {
    let answered = 0;
    for (const count of this.#valued.values()) answered += count;
    let verdicts = 0;
    for (const count of this.#verdicts.values()) verdicts += count;
    const used = this.#verdicts.get('accepted') ?? 0;
    const { role, plugin } = this.#binding;
    return {
      role,
      plugin,
      answered,
      nothingToSay: this.#nothingToSay,
      heldBack: this.#heldBack,
      used,
      notUsed: verdicts - used,
    };
  }

  view(): RoleView {
    const { pluginVersion, model, modelSha256 } = this.#binding;
    const unvalued = [...this.#unvalued].flatMap(([outcome, reasons]) =>
      words(reasons, `${outcome}: `),
    );
    return {
      ...this.summary(),
      pluginVersion,
      model,
      modelSha256,
      outcomes: [...words(this.#valued), ...unvalued],
      verdicts: words(this.#verdicts),
    };
  }
}
