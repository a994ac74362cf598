/** Whether an address (`HOST:PORT`) can be reached from this machine only. */
export function isLoopback(address: string): boolean {
  const host = address.replace(/:\d+$/, '').replaceAll(/[[\]]/g, '');
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
