import { InvalidArgumentError, Option, type Command } from 'commander';
import type { AllowList, EngineCapabilities } from '../../driver/embedded/engine-options.js';
import { isOn } from './serve-arguments.js';

/** All of a kind, or those named. */
type Named = true | readonly string[];

/** What the flags of the real server say of functions, networks and experiments. */
export interface CapabilityFlags {
  readonly allowAll?: boolean;
  readonly denyAll?: boolean;
  readonly allowFuncs?: Named;
  readonly denyFuncs?: Named;
  readonly allowNet?: Named;
  readonly denyNet?: Named;
  readonly allowExperimental?: Named;
  readonly denyExperimental?: Named;
}

/** Adds the flags, under the names that the real server gives them. Without a list a flag means all. */
export function capabilityFlags(command: Command): Command {
  return command
    .option('-A, --allow-all', 'allow all functions, networks and experimental features (env: SURREAL_CAPS_ALLOW_ALL)')
    .option('-D, --deny-all', 'deny what is not allowed by name (env: SURREAL_CAPS_DENY_ALL)')
    .addOption(
      listed('--allow-funcs [names]', 'functions that may be called, as in string,crypto::argon2', 'ALLOW_FUNC'),
    )
    .addOption(listed('--deny-funcs [names]', 'functions that may not be called', 'DENY_FUNC'))
    .addOption(
      listed('--allow-net [targets]', 'hosts that http::* and JWKS may reach: example.com:443,10.0.0.0/8', 'ALLOW_NET'),
    )
    .addOption(listed('--deny-net [targets]', 'hosts that they may not reach', 'DENY_NET'))
    .addOption(listed('--allow-experimental [names]', 'experimental features: files, surrealism', 'ALLOW_EXPERIMENTAL'))
    .addOption(listed('--deny-experimental [names]', 'experimental features that stay off', 'DENY_EXPERIMENTAL'))
    .addOption(missing('--allow-guests', 'the embedded engine takes whoever has not signed in for the owner'))
    .addOption(missing('--allow-scripting', 'the embedded engine is built without scripting functions'));
}

/** Nothing is said where no flag was given: the engine's own defaults hold. */
export function capabilitiesOf(flags: CapabilityFlags): EngineCapabilities | undefined {
  const everything = isOn(flags.allowAll, 'SURREAL_CAPS_ALLOW_ALL');
  const nothing = isOn(flags.denyAll, 'SURREAL_CAPS_DENY_ALL');
  if (everything && nothing) throw new InvalidArgumentError('--allow-all and --deny-all cannot both hold');
  const judge = (allow: Named | undefined, deny: Named | undefined): AllowList | undefined => {
    // What is said of functions alone goes before what is said of everything.
    if (deny === undefined && nothing) return allow ?? false;
    return allowList(allow ?? (everything ? true : undefined), deny);
  };
  const functions = judge(flags.allowFuncs, flags.denyFuncs);
  const networkTargets = judge(flags.allowNet, flags.denyNet);
  const experimental = judge(flags.allowExperimental, flags.denyExperimental);
  const given = {
    ...(functions !== undefined && { functions }),
    ...(networkTargets !== undefined && { networkTargets }),
    ...(experimental !== undefined && { experimental }),
  };
  return Object.keys(given).length === 0 ? undefined : given;
}

/** Names go before what is said of all; where both sides have names, those denied go first. */
function allowList(allow: Named | undefined, deny: Named | undefined): AllowList | undefined {
  if (deny === undefined) return allow;
  if (deny === true) return Array.isArray(allow) ? (allow as readonly string[]) : false;
  return { ...(allow !== undefined && { allow }), deny };
}

function listed(flags: string, description: string, variable: string): Option {
  return new Option(flags, description)
    .preset(true)
    .argParser((text: unknown) => (text === true ? true : namesIn(text)))
    .env(`SURREAL_CAPS_${variable}`);
}

function namesIn(text: unknown): Named {
  if (text === '*' || text === '') return true;
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

/** A flag of the real server that this one cannot honour: it says so instead of going on without. */
function missing(flag: string, why: string): Option {
  return new Option(`${flag} [value]`)
    .hideHelp()
    .preset(true)
    .argParser(() => {
      throw new Error(`error: ${flag} cannot be honoured: ${why}`);
    });
}
