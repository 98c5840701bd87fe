package registry

import "github.com/esgen-dev/esgen/diag"

// The rules of this package, by what they are about.
const (
	ruleConfig = "REGISTRY_CONFIG"

	ruleUnreachable  = "REGISTRY_UNREACHABLE"
	ruleTLS          = "REGISTRY_TLS"
	ruleTimeout      = "REGISTRY_TIMEOUT"
	ruleCancelled    = "REGISTRY_CANCELLED"
	ruleUnauthorized = "REGISTRY_UNAUTHORIZED"
	ruleForbidden    = "REGISTRY_FORBIDDEN"
	ruleNotFound     = "REGISTRY_NOT_FOUND"
	ruleRedirect     = "REGISTRY_REDIRECT"
	ruleLimited      = "REGISTRY_RATE_LIMITED"
	ruleServer       = "REGISTRY_SERVER_ERROR"
	ruleAnswer       = "REGISTRY_ANSWER"

	ruleRefused    = "REGISTRY_REFUSED"
	ruleInvalid    = "REGISTRY_INVALID"
	ruleRejected   = "REGISTRY_REJECTED"
	ruleReadOnly   = "REGISTRY_READ_ONLY"
	ruleType       = "REGISTRY_TYPE_CHANGED"
	ruleAlias      = "REGISTRY_ALIAS"
	ruleSubject    = "REGISTRY_SUBJECT"
	ruleReference  = "REGISTRY_REFERENCE"
	ruleChanged    = "REGISTRY_CHANGED"
	ruleGone       = "REGISTRY_GONE"
	ruleUnverified = "REGISTRY_UNVERIFIED"

	ruleDiffers  = "REGISTRY_VERDICT_DIFFERS"
	ruleDrift    = "REGISTRY_DRIFT"
	ruleBehind   = "REGISTRY_BEHIND"
	ruleLevel    = "REGISTRY_LEVEL"
	ruleReverted = "REGISTRY_REVERTED"
	ruleDeleted  = "REGISTRY_DELETED"
	ruleProduct  = "REGISTRY_OTHER_RULES"
)

// Rules returns all rules about registries: how one is reached, why it takes a
// schema or not, and how it differs from what is accepted.
func Rules() []diag.Rule {
	rules := reachRules()
	rules = append(rules, refusalRules()...)
	return append(rules, stateRules()...)
}

func row(id string, severity diag.Severity, title, explain string) diag.Rule {
	return diag.Rule{ID: id, Category: diag.Registry, Severity: severity, Title: title, Explain: explain}
}

func reachRules() []diag.Rule {
	return []diag.Rule{
		row(ruleConfig, diag.Error, "the configuration of the registry cannot be used",
			"The address comes from esgen.yaml or ESGEN_REGISTRY_URL, secrets come from the environment alone: ESGEN_REGISTRY_USER, _PASSWORD, _TOKEN, _CA, _CERT and _KEY, or ESGEN_REGISTRY_<NAME>_... for a registry with a name."),
		row(ruleUnreachable, diag.Error, "the registry cannot be reached",
			"The connection was refused or broken, or the name could not be looked up. It was tried several times, with growing pauses."),
		row(ruleTLS, diag.Error, "there is no secure connection to the registry",
			"The certificate of the registry is not trusted, or the registry does not trust the one of the client, or one side does not speak TLS. Nothing was sent."),
		row(ruleTimeout, diag.Error, "the registry did not answer in time",
			"Each attempt has a time limit, and so has the whole run. A registration whose answer was lost may have happened: the next run sees it and goes on behind it."),
		row(ruleCancelled, diag.Error, "the run was cancelled",
			"What was registered before stays registered. The next run leaves it alone and does the rest."),
		row(ruleUnauthorized, diag.Error, "the registry does not know who asks",
			"The registry answered 401: there is no user or token, or it is wrong."),
		row(ruleForbidden, diag.Error, "the registry does not allow the request",
			"The registry answered 403: who asks is known, and may not do this."),
		row(ruleNotFound, diag.Error, "there is no schema registry at the address",
			"The answer does not come from a schema registry. Often the path is missing, or the address is that of a proxy, a broker or a web console."),
		row(ruleRedirect, diag.Error, "the registry redirects",
			"Redirects are not followed: a redirected registration would silently become a read, and secrets could go to another server."),
		row(ruleLimited, diag.Error, "the registry asks to wait",
			"The registry answered 429, too many requests. It is not tried again at once, because that is what the registry asks not to do."),
		row(ruleServer, diag.Error, "the registry failed",
			"The registry answered with a status of 500 or more, at each of several attempts with growing pauses."),
		row(ruleAnswer, diag.Error, "the answer is not one of a schema registry",
			"The answer is no JSON, is too long, or has another form than the registry's interface."),
	}
}

func refusalRules() []diag.Rule {
	return []diag.Rule{
		row(ruleRefused, diag.Error, "the registry refuses a schema as incompatible",
			"The registry compared the schema with the versions of its subject under the level in effect there. Nothing is registered as long as one schema of a plan is refused."),
		row(ruleInvalid, diag.Error, "the registry cannot read a schema",
			"The registry could not parse the schema, or did not find a type or an import. It has to know the type of schema, and all references have to be registered before."),
		row(ruleRejected, diag.Error, "the registry rejects a request",
			"The registry understood the request and does not accept it."),
		row(ruleReadOnly, diag.Error, "a subject cannot be written",
			"The mode of the subject, or of the whole registry, is READONLY, IMPORT or FORWARD. Schemas are registered under READWRITE alone."),
		row(ruleType, diag.Error, "a subject holds another type of schema",
			"All versions of a subject have one type: consumers choose their decoder by it. Another type belongs into a subject of its own."),
		row(ruleAlias, diag.Error, "a subject is another name of another one",
			"The registry would write to the subject that the alias leads to, which nobody asked for."),
		row(ruleSubject, diag.Error, "a subject cannot be used",
			"Each schema of a run has a subject of its own, with a name that can stand in an address. Two events of one topic share a subject under TopicNameStrategy: register whole files, or use another strategy."),
		row(ruleReference, diag.Error, "a reference cannot be resolved",
			"A schema imports a file that is neither registered nor part of this run, or files import each other in a circle."),
		row(ruleChanged, diag.Error, "a subject changed between plan and apply",
			"Somebody else wrote to the subject after the plan was made, so the plan's answer no longer holds. Nothing was registered there."),
		row(ruleGone, diag.Error, "something is not there any more",
			"A subject, version or schema that was read before is gone: somebody deletes while esgen works."),
		row(ruleUnverified, diag.Error, "a registration could not be confirmed",
			"After registering, the schema is looked up again. The registry does not find it, or finds it under another id."),
	}
}

func stateRules() []diag.Rule {
	return []diag.Rule{
		row(ruleDiffers, diag.Warning, "the registry and esgen judge differently",
			"esgen computes offline what the registry should answer, by its version and level. The registry's answer counts. A difference is a registry with rules of its own, a setting that esgen does not know of, such as a compatibility group, or a mistake in esgen that should be reported."),
		row(ruleDrift, diag.Warning, "the registry holds a version that was not accepted",
			"Somebody registered a version that is not in the history of accepted versions. Events may have been written with it, which no offline check has seen."),
		row(ruleBehind, diag.Info, "the registry lacks an accepted version",
			"A version that was accepted was never registered there, or was deleted. For a registry that gets some releases only, that is as it should be."),
		row(ruleLevel, diag.Warning, "the registry checks under another level",
			"The compatibility level in effect on the registry is not the configured one, so other clients may register what esgen would refuse, or the other way round."),
		row(ruleReverted, diag.Warning, "a schema equals an older version",
			"The registry answers a text that it has with the id that it has: it makes no new version, and checks nothing. Who asks for the latest version gets a newer one."),
		row(ruleDeleted, diag.Warning, "a subject was deleted before",
			"All versions of the subject are marked as deleted. Registering continues their numbers, and nothing is compared with them, though events written with them may still be there."),
		row(ruleProduct, diag.Info, "the registry has rules of its own",
			"Apicurio Registry does not compare schemas by the rules of Confluent's registry, which are those that esgen knows: it refuses much that Confluent's takes, and takes a little that it refuses. esgen register asks it and goes by its answers; esgen check and esgen compat, which ask nobody, cannot foresee them."),
	}
}

// ruleByID returns the row of a rule of this package.
func ruleByID(id string) diag.Rule {
	for _, r := range Rules() {
		if r.ID == id {
			return r
		}
	}
	return diag.Rule{ID: id, Category: diag.Registry, Severity: diag.Error}
}
