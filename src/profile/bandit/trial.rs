//! Trials: a variant was shown in a context, and whether the goal follows is not known yet.

use crate::codec::Codec;

/// The most features of a context. With the intercept there are 8 weights: the codec never halves lists that short.
pub const FEATURES: usize = 7;

/// A variant that was shown where a bandit learns.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Trial {
    /// The slot, or `prompt:` and the prompt's id.
    pub owner: String,
    /// The variant.
    pub variant: String,
    /// The features of the context that were not 0, -1 to 1, by name.
    pub features: Vec<(String, f64)>,
    /// The probability with which this was shown, by holdouts, experiments and draws together, in `(0, 1]`.
    pub propensity: f64,
    /// The probability with which the bandit drew the variant, where the bandit decided, in `(0, 1]`.
    pub drawn: Option<f64>,
}

impl Trial {
    /// The feature of this name; 0 where there is none.
    pub fn feature(&self, name: &str) -> f64 {
        self.features.iter().find(|(known, _)| known == name).map_or(0.0, |(_, value)| *value)
    }

    /// Its part of a journal entry, or of the stored state.
    pub fn code(&mut self, codec: &mut Codec<'_>) {
        codec.text(&mut self.owner);
        codec.text(&mut self.variant);
        codec.list(FEATURES, &mut self.features, |codec, (name, value)| {
            codec.text(name);
            codec.double(value);
            *value = value.clamp(-1.0, 1.0);
        });
        codec.double(&mut self.propensity);
        codec.optional(&mut self.drawn, Codec::double);
    }
}
