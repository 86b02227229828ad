//! A reason as others read it: by name for programs, in words for people.

/// A reason as others read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// What kind of reason it is, in kebab-case, such as `holdout`. Each is described in `www/inspector/access.ts`.
    pub code: &'static str,
    /// What it says: a lower-case fragment without a full stop.
    pub text: String,
}
