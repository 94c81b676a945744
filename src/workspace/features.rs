//! Which features are on in each package when flags decide: cargo's closure over `[features]`, optional dependencies
//! and what packages ask of each other. Knows names only.

use std::collections::{BTreeMap, BTreeSet};

use super::FeatureSelection;
use crate::diagnostic::Diagnostic;

/// A package as features see it.
#[derive(Default)]
pub(super) struct Node {
    pub(super) name: String,
    pub(super) selected: bool,
    pub(super) declared: BTreeMap<String, Vec<String>>,
    pub(super) dependencies: Vec<Edge>,
}

/// A dependency as features see it.
pub(super) struct Edge {
    pub(super) key: String,
    pub(super) local: Option<usize>,
    pub(super) optional: bool,
    pub(super) default_features: bool,
    pub(super) features: Vec<String>,
}

/// What is on in one package.
#[derive(Clone, Default, PartialEq, Eq)]
struct Active {
    features: BTreeSet<String>,
    /// Keys of optional dependencies that are built.
    dependencies: BTreeSet<String>,
    built: bool,
}

impl Node {
    /// Declared features, and one for each optional dependency that no feature names with `dep:`.
    fn all(&self) -> BTreeSet<String> {
        let hidden = |key: &String| {
            let dep = format!("dep:{key}");
            self.declared.values().flatten().any(|item| *item == dep)
        };
        let optional = self.dependencies.iter().filter(|edge| edge.optional).map(|edge| &edge.key);
        self.declared.keys().chain(optional.filter(|key| !hidden(key))).cloned().collect()
    }
}

/// The features of every package, in their order.
pub(super) fn evaluate(
    nodes: &[Node],
    asked: &FeatureSelection,
) -> Result<Vec<BTreeSet<String>>, Vec<Diagnostic>> {
    let errors: Vec<Diagnostic> = wanted(asked).filter_map(|feature| unknown(nodes, feature)).collect();
    if !errors.is_empty() {
        return Err(errors);
    }
    let mut active = vec![Active::default(); nodes.len()];
    for (node, active) in nodes.iter().zip(&mut active).filter(|(node, _)| node.selected) {
        active.built = true;
        active.features = asked_of(node, asked);
    }
    // Every round only adds, so this ends; a round takes in what the one before switched on anywhere.
    loop {
        let before = active.clone();
        for index in 0..nodes.len() {
            spread(nodes, &mut active, index);
        }
        if active == before {
            return Ok(active.into_iter().map(|active| active.features).collect());
        }
    }
}

/// `--features` takes several names, separated by commas or blanks.
fn wanted(asked: &FeatureSelection) -> impl Iterator<Item = &str> {
    asked.features.iter().flat_map(|list| list.split([',', ' '])).filter(|name| !name.is_empty())
}

fn asked_of(node: &Node, asked: &FeatureSelection) -> BTreeSet<String> {
    let all = node.all();
    if asked.all_features {
        return all;
    }
    let own = wanted(asked).filter_map(|feature| match feature.split_once('/') {
        Some((package, feature)) => (package == node.name).then_some(feature),
        None => Some(feature),
    });
    let default = (!asked.no_default_features).then_some("default");
    own.chain(default).filter(|feature| all.contains(*feature)).map(str::to_owned).collect()
}

fn unknown(nodes: &[Node], feature: &str) -> Option<Diagnostic> {
    let (package, name) = feature.split_once('/').map_or((None, feature), |(p, f)| (Some(p), f));
    let asked: Vec<&Node> =
        nodes.iter().filter(|node| package.map_or(node.selected, |package| node.name == package)).collect();
    let names: BTreeSet<String> = asked.iter().flat_map(|node| node.all()).collect();
    if names.contains(name) || name == "default" {
        return None;
    }
    let error = Diagnostic::error(format!("none of the selected packages has the feature `{feature}`"), None);
    Some(match super::nearest(name, names.iter().map(String::as_str)) {
        Some(near) => error.help(format!("a feature with a similar name exists: `{near}`")),
        None => error,
    })
}

/// One round for one package: what its features switch on in itself and in what it depends upon.
fn spread(nodes: &[Node], active: &mut [Active], index: usize) {
    if !active[index].built {
        return;
    }
    let node = &nodes[index];
    for feature in active[index].features.clone() {
        match node.declared.get(&feature) {
            Some(items) => items.iter().for_each(|item| switch_on(nodes, active, index, item)),
            None => _ = active[index].dependencies.insert(feature),
        }
    }
    for edge in &node.dependencies {
        let Some(local) = edge.local else { continue };
        if edge.optional && !active[index].dependencies.contains(&edge.key) {
            continue;
        }
        let default = edge.default_features.then(|| "default".to_owned());
        active[local].built = true;
        let known = nodes[local].all();
        let features = edge.features.iter().cloned().chain(default).filter(|feature| known.contains(feature));
        active[local].features.extend(features);
    }
}

/// One item of a feature: `other`, `dep:x`, `x/feature` or `x?/feature`.
fn switch_on(nodes: &[Node], active: &mut [Active], index: usize, item: &str) {
    if let Some(key) = item.strip_prefix("dep:") {
        active[index].dependencies.insert(key.to_owned());
        return;
    }
    let Some((key, feature)) = item.split_once('/') else {
        active[index].features.insert(item.to_owned());
        return;
    };
    let (key, weak) = key.strip_suffix('?').map_or((key, false), |key| (key, true));
    if !weak {
        active[index].dependencies.insert(key.to_owned());
        let implied = nodes[index].all().contains(key).then(|| key.to_owned());
        active[index].features.extend(implied);
    }
    for edge in nodes[index].dependencies.iter().filter(|edge| edge.key == key) {
        let is_built = !edge.optional || active[index].dependencies.contains(key);
        if let Some(local) = edge.local.filter(|_| is_built) {
            active[local].features.insert(feature.to_owned());
        }
    }
}
