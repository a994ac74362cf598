// A plan that keeps the slow model of the inference benchmark running while its stream is open.
import { credentials } from '@grpc/grpc-js';
import { planAdvisor } from '../lib/plan-advisor.mjs';

const PlanAdvisor = planAdvisor({ enums: String });

const start = {
  protocol: { major: 1, minor: 0 },
  client: 'busy-plan',
  planKey: 'busy',
  solver: 'SOLVER_DH',
  adviceMode: 'ADVICE_MODE_ADVISE',
  structures: [
    {
      name: 'KEEP_BUSY',
      role: 'STRUCTURE_ROLE_TARGET',
      volumeCc: 100,
      voxelCount: 800,
      objectiveWeight: 1,
      prescription: [
        { doseGy: 70, volumeFraction: 1 },
        { doseGy: 72, volumeFraction: 0 },
      ],
      prescribedDoseGy: 70,
    },
  ],
  beams: [{ gantryDeg: 0, couchDeg: 0, columns: 1, rows: 1, columnWidthMm: 5, rowHeightMm: 5 }],
  weightCeiling: 0.2,
  weightSteepness: 0.5,
  levels: [
    {
      level: 0,
      beamletCount: 1,
      histogramSigmaGy: 2.5,
      iterationLimit: 10,
      tolerance: 1e-6,
      varianceLowerGy2: 1.5,
      varianceUpperGy2: 9,
    },
  ],
  accepts: ['ROLE_INITIALIZATION'],
};

/** Opens the plan; resolves to what ends it. */
export function openBusyPlan(address) {
  const client = new PlanAdvisor(address, credentials.createInsecure(), {
    'grpc.enable_http_proxy': 0,
  });
  const call = client.advise();
  return new Promise((resolve, reject) => {
    call.once('data', () =>
      resolve(
        () =>
          new Promise((closed) => {
            call.once('status', (status) => {
              client.close();
              closed(status);
            });
            call.write({ finish: {} });
            call.end();
          }),
      ),
    );
    call.on('error', reject);
    call.write({ start });
  });
}
