// The meta.json of a context of docker's → where its engine is.
import { isObject } from '../json/shape.ts';
import { fieldOf, parse } from './docker-files.ts';
import { fail, success } from '../failure/failure.ts';
import type { Result } from '../failure/failure.ts';

export interface ContextDocument {
  readonly name: string;
  /** Empty: docker's usual one. */
  readonly host: string;
  readonly skipTlsVerify: boolean;
  /** The folder for this context's ca.pem, cert.pem and key.pem. */
  readonly tlsFolder: string;
}

/** @param text of the meta.json of the context of that name */
export function readContextDocument(
  file: string,
  name: string,
  tlsFolder: string,
  text: string,
): Result<ContextDocument> {
  const invalid = (reason: string): Result<never> => fail({ kind: 'docker-config-invalid', file, reason });
  const json = parse(text);
  if (!json.ok) return invalid(json.reason);
  const endpoints = isObject(json.value) ? fieldOf(json.value, 'Endpoints') : undefined;
  // This key is of a map, and those are as they are written.
  const docker = isObject(endpoints) ? endpoints['docker'] : undefined;
  if (!isObject(docker)) return invalid('Endpoints.docker: expected object');
  const host = fieldOf(docker, 'Host') ?? '';
  if (typeof host !== 'string') return invalid('Endpoints.docker.Host: expected string');
  const skipTlsVerify = fieldOf(docker, 'SkipTLSVerify') ?? false;
  if (typeof skipTlsVerify !== 'boolean') return invalid('Endpoints.docker.SkipTLSVerify: expected boolean');
  return success({ name, host, skipTlsVerify, tlsFolder });
}

/** The name that a meta.json gives itself, for a list of what there is. */
export function readContextName(text: string): string | undefined {
  const json = parse(text);
  const name = json.ok && isObject(json.value) ? fieldOf(json.value, 'Name') : undefined;
  return typeof name === 'string' ? name : undefined;
}
