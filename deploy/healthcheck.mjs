// Exit 0 while the host is ready for plans. DH_ADVISOR_HTTP names another address than the default; with https:// in front of it, TLS is
// spoken with a host whose authority NODE_EXTRA_CA_CERTS names.
const address = process.env.DH_ADVISOR_HTTP ?? '127.0.0.1:9464';
const base = address.includes('://') ? address : `http://${address}`;
try {
  const { ok } = await fetch(`${base}/readyz`, { signal: AbortSignal.timeout(2000) });
  process.exitCode = ok ? 0 : 1;
} catch {
  process.exitCode = 1;
}
