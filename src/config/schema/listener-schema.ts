import { z } from '../../plugin-sdk/index.js';

const file = z.string().min(1);

/** How a listener is kept from being heard and spoken to by others; the same for all three. */
export const listenerSecurity = {
  tls: z
    .strictObject({
      certificate: file.describe(
        'PEM file, relative to this one: the certificate of this listener, then those that signed it. Read again when it changes.',
      ),
      key: file.describe('PEM file of its private key, without a passphrase.'),
      client_ca: file
        .optional()
        .describe(
          'PEM file of authorities: whoever connects must show a certificate that one of them signed. Absent: nobody is asked for one.',
        ),
    })
    .optional()
    .describe('Absent: plain text, which is refused on another address than loopback.'),
  insecure: z
    .literal('i-know', 'must be "i-know", or absent')
    .optional()
    .describe(
      'Plain text on another address than loopback is meant: the network itself is private, or a proxy speaks TLS.',
    ),
};
