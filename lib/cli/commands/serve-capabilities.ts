import { InvalidArgumentError, Option, type Command } from 'commander';
import type { AllowList, EngineCapabilities } from '../../driver/embedded/engine-options.js';

/** What the flags of the real server say of functions, networks and experiments. */
export interface CapabilityFlags {
  readonly allowAll?: boolean;
  readonly allowFuncs?: AllowList;
  readonly denyFuncs?: AllowList;
  readonly allowNet?: AllowList;
  readonly denyNet?: AllowList;
  readonly allowExperimental?: AllowList;
}

/** Adds the flags, under the names that the real server gives them. Without a list a flag means all. */
export function capabilityFlags(command: Command): Command {
  return command
    .option('-A, --allow-all', 'allow all functions, networks and experimental features')
    .addOption(listed('--allow-funcs [names]', 'functions that statements may call, as in string,crypto::argon2'))
    .addOption(listed('--deny-funcs [names]', 'functions that statements may not call'))
    .addOption(
      listed('--allow-net [targets]', 'hosts that http::* and JWKS may reach, as in example.com:443,10.0.0.0/8'),
    )
    .addOption(listed('--deny-net [targets]', 'hosts that they may not reach'))
    .addOption(listed('--allow-experimental [names]', 'experimental features: files, surrealism'));
}

/** Nothing is said where no flag was given: the engine's own defaults hold. */
export function capabilitiesOf(flags: CapabilityFlags): EngineCapabilities | undefined {
  const all = flags.allowAll === true ? true : undefined;
  const functions = allowDeny(flags.allowFuncs ?? all, flags.denyFuncs);
  const networkTargets = allowDeny(flags.allowNet ?? all, flags.denyNet);
  const experimental = flags.allowExperimental ?? all;
  const given = {
    ...(functions !== undefined && { functions }),
    ...(networkTargets !== undefined && { networkTargets }),
    ...(experimental !== undefined && { experimental }),
  };
  return Object.keys(given).length === 0 ? undefined : given;
}

function allowDeny(allow: AllowList | undefined, deny: AllowList | undefined): AllowList | undefined {
  if (deny === undefined) return allow;
  return {
    ...(allow !== undefined && { allow: allow as boolean | readonly string[] }),
    deny: deny as readonly string[],
  };
}

function listed(flags: string, description: string): Option {
  return new Option(flags, description)
    .preset(true)
    .argParser((text: unknown) => (text === true ? true : namesOf(text)));
}

function namesOf(text: unknown): readonly string[] {
  const names = String(text)
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0) throw new InvalidArgumentError('names parted by commas are needed');
  // An argument that is the store was not meant as a list.
  if (names.some((name) => /^(mem|memory|rocksdb|surrealkv)(:|$)/.test(name)))
    throw new InvalidArgumentError('write the store before the flag, or the list with =');
  return names;
}
