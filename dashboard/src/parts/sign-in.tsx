import { useState } from 'preact/hooks';
import type { HostFault } from '../live/host-calls.js';
import { isSignedIn, signIn } from '../live/tokens.js';

/** Nothing is shown to somebody whom the host does not know: says so, and takes a token. */
export function SignIn({ denial }: { readonly denial: HostFault | undefined }) {
  const [token, setTyped] = useState('');
  const [wasTried, setTried] = useState(isSignedIn());
  const isRole = denial?.code === 'access-role';
  return (
    <section class="panel sign-in" aria-labelledby="sign-in-title">
      <h1 id="sign-in-title">Sign in to look</h1>
      <p>
        The host is there, but it shows plans, roles and configuration only to people with the role{' '}
        <strong>viewer</strong> (<code>access.reads: viewer</code>), and this browser has shown no
        certificate that has it.
      </p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          signIn(token);
        }}
      >
        <label>
          Token
          <input
            name="token"
            type="password"
            required
            autocomplete="off"
            value={token}
            onInput={(event) => setTyped(event.currentTarget.value)}
          />
        </label>
        {wasTried && denial !== undefined && (
          <p role="alert" class="fault">
            {isRole
              ? 'This token does not have the role viewer.'
              : 'The host does not know this token.'}{' '}
            <code>{denial.code}</code>
          </p>
        )}
        <div class="actions">
          <button type="submit" class="main">
            Sign in
          </button>
        </div>
      </form>
      <p class="note">
        The token stays in this page until it is closed or loaded again. Advice can be stopped
        without signing in: the switch above asks for an operator's token.
      </p>
    </section>
  );
}
