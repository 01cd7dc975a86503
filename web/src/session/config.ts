/** Where people are helped face to face. */
export interface Counter {
  name: string;
  district: string;
  address: string;
  hours: string;
  telephone: string;
}

/** Where to sign in, as the service says it, and where its counters are. */
export interface Config {
  issuer: string;
  authorizationEndpoint: string;
  tokenEndpoint: string;
  clientId: string;
  scope: string;
  endSessionEndpoint: string;
  demonstration: boolean;
  counters: readonly Counter[];
}

let asked: Promise<Config> | undefined;

/** The configuration, asked for once; a failure is asked again. Rejects when the service cannot be reached. */
export function config(): Promise<Config> {
  // As the index preloads it: a request of another kind would not be answered by that one.
  asked ??= fetch("/app/config.json").then(async (response) => {
    if (!response.ok) throw new Error(`config ${response.status}`);
    return (await response.json()) as Config;
  });
  asked.catch(() => (asked = undefined));
  return asked;
}
