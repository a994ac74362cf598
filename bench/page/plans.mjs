// Plans that run at a given pace against a host, each on a stream of its own.
import { setTimeout as delay } from 'node:timers/promises';
import { credentials, loadPackageDefinition } from '@grpc/grpc-js';
import { build as buildHistogram } from 'hdr-histogram-js';
import { fakePlan } from '../../dist/src/plugin-sdk/testing/index.js';
import { loadContract } from '../../dist/src/transport/proto-options.js';

const grpc = loadPackageDefinition(loadContract('proto'));
const wire = (prefix, word) => `${prefix}_${word.toUpperCase().replaceAll('-', '_')}`;

function start() {
  const plan = fakePlan();
  return {
    protocol: { major: 1, minor: 0 },
    ...{ client: 'bench', planKey: 'bench', solver: wire('SOLVER', plan.solver) },
    adviceMode: 'ADVICE_MODE_ADVISE',
    structures: plan.structures.map((structure) => ({
      ...structure,
      role: wire('STRUCTURE_ROLE', structure.role),
    })),
    ...{ beams: plan.beams, levels: plan.levels },
    ...{ weightCeiling: plan.weightCeiling, weightSteepness: plan.weightSteepness },
    accepts: ['ROLE_EARLY_STOPPING'],
  };
}

/** One plan whose objective falls geometrically. */
class Plan {
  #call;
  #answered = () => {};
  #iteration = -1;

  constructor(client) {
    this.#call = client.advise();
    this.#call.on('data', () => this.#answered());
    this.#call.on('error', () => undefined);
  }

  async open() {
    await this.#ask({ start: start() });
    const sigmas = { histogramSigmaGy: 2.5, varianceLowerGy2: 1, varianceUpperGy2: 9 };
    const levelStart = { level: 0, stage: 0, beamletCount: 8, ...sigmas, objective: 100 };
    await this.#ask({ levelStart });
  }

  iterate() {
    this.#iteration += 1;
    const k = this.#iteration;
    const objective = 1 + 99 * 0.99 ** k;
    const counts = { valueCalls: k, gradientCalls: k, elapsedMs: k };
    return this.#ask({
      iteration: {
        ...{ level: 0, stage: 0, iteration: k, objective, gradientNorm: objective },
        ...{ stepLength: 1, ...counts },
      },
    });
  }

  cancel() {
    this.#call.cancel();
  }

  #ask(event) {
    return new Promise((resolve) => {
      this.#answered = resolve;
      this.#call.write(event);
    });
  }
}

/** Opens `count` plans that make `perSecond` iterations each until they are stopped. */
export async function startPlans(address, count, perSecond) {
  const client = new grpc.dh.advisor.v1.PlanAdvisor(address, credentials.createInsecure());
  const plans = Array.from({ length: count }, () => new Plan(client));
  await Promise.all(plans.map((plan) => plan.open()));
  let isRunning = true;
  let latency = buildHistogram();
  let iterations = 0;
  const periodMs = 1000 / perSecond;
  const run = async (plan, offset) => {
    let nextMs = performance.now() + offset;
    while (isRunning) {
      await delay(Math.max(0, nextMs - performance.now()));
      // Counted from when it was due, so that a late start is part of the latency.
      await plan.iterate();
      latency.recordValue(Math.max(0, Math.round((performance.now() - nextMs) * 1000)));
      iterations += 1;
      nextMs = Math.max(nextMs + periodMs, performance.now() - periodMs);
    }
  };
  const running = plans.map((plan, k) => run(plan, (k / count) * periodMs));
  return {
    /** Figures since they were last taken. */
    take() {
      const taken = {
        ...{ iterations, p50Us: latency.getValueAtPercentile(50) },
        p99Us: latency.getValueAtPercentile(99),
      };
      latency = buildHistogram();
      iterations = 0;
      return taken;
    },
    async stop() {
      isRunning = false;
      await Promise.all(running);
      for (const plan of plans) plan.cancel();
      client.close();
    },
  };
}
