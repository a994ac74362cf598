import type {
  Assignment,
  AssignmentProposal,
  AssignmentStore,
} from '../experiments/experiments.js';

/** Assignments in memory, for tests. */
export class MemoryAssignments implements AssignmentStore {
  readonly #kept = new Map<string, Assignment>();

  async assign(proposal: AssignmentProposal): Promise<Assignment> {
    const key = JSON.stringify([proposal.experiment, proposal.unit]);
    const kept = this.#kept.get(key) ?? { ...proposal, sequence: this.#kept.size + 1 };
    this.#kept.set(key, kept);
    return kept;
  }

  async hasUnits(experiment: string): Promise<boolean> {
    return (await this.assignments(experiment)).length > 0;
  }

  async assignments(experiment: string): Promise<readonly Assignment[]> {
    return [...this.#kept.values()].filter((kept) => kept.experiment === experiment);
  }
}
