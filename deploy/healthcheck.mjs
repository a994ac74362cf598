// Exit 0 while the host is ready for plans. DH_ADVISOR_HTTP names another address than the default.
const address = process.env.DH_ADVISOR_HTTP ?? '127.0.0.1:9464';
try {
  const { ok } = await fetch(`http://${address}/readyz`, { signal: AbortSignal.timeout(2000) });
  process.exitCode = ok ? 0 : 1;
} catch {
  process.exitCode = 1;
}
