/** How old the newest iteration was that the page showed, how long updates took to the screen, and how many plans it showed. */
export interface Lag {
  readonly ages: readonly number[];
  readonly deliveries: readonly number[];
  readonly cards: number;
}

/**
 * Runs in the page: samples how old the newest iteration is that it shows (host and page share a clock), and how long an
 * update took from the host's hand to the screen. A plan iterates all the time, so what is old is the page.
 */
export function sampleLag(seconds: number): Promise<Lag> {
  return new Promise((resolve) => {
    const ages: number[] = [];
    const deliveries: number[] = [];
    let last: string | undefined = '';
    const endMs = performance.now() + seconds * 1000;
    const sample = () => {
      const plans = document.querySelector<HTMLElement>('.plans');
      const { newestMs, sentAtMs, shownAtMs } = plans?.dataset ?? {};
      ages.push(Date.now() - Number(newestMs));
      if (sentAtMs !== last) deliveries.push(Number(shownAtMs) - Number(sentAtMs));
      last = sentAtMs;
      if (performance.now() < endMs) setTimeout(sample, 20);
      else resolve({ ages, deliveries, cards: document.querySelectorAll('[data-plan]').length });
    };
    sample();
  });
}
