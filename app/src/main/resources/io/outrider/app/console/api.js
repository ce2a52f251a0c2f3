// Questions to the server. All of them are GET; none changes the log but for the record that somebody looked.

export class ApiError extends Error {
  constructor(status, body) {
    super(body.error ?? `the server answered ${status}`);
    this.status = status;
    this.signIn = body.sign_in === true;
    this.damaged = body.damaged === true;
    this.at = body.at;
  }
}

export const url = (name, parameters = {}) => {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(parameters)) {
    if (value !== undefined && value !== null && value !== '') query.set(key, value);
  }
  return 'api/' + name + (query.size ? '?' + query : '');
};

export async function ask(name, parameters = {}, { signal, headers } = {}) {
  let response;
  try {
    response = await fetch(url(name, parameters), { signal, headers, cache: 'no-store', credentials: 'same-origin', redirect: 'error' });
  } catch (e) {
    if (e.name === 'AbortError') throw e;
    throw new ApiError(0, { error: 'Outrider does not answer' });
  }
  let body;
  try {
    body = await response.json();
  } catch (e) {
    if (e.name === 'AbortError') throw e;
    throw new ApiError(response.status, {});
  }
  if (!response.ok) throw new ApiError(response.status, body);
  return body;
}

/** Asks again and again while the index is not there yet. */
export async function askWhenReady(name, parameters, options = {}) {
  for (;;) {
    try {
      return await ask(name, parameters, options);
    } catch (e) {
      if (e.status !== 503) throw e;
      await new Promise(done => setTimeout(done, 400));
      options.signal?.throwIfAborted();
    }
  }
}
