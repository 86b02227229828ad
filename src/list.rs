//! Lists: a few operations that are smaller written out than in the standard library.

/// What `read` makes of each item, where it makes something: for `filter_map` and `collect`, which hold two
/// copies of `read`, for the first item and for all others.
pub fn gather<'a, T, U>(items: &'a [T], mut read: impl FnMut(&'a T) -> Option<U>) -> Vec<U> {
    let mut all = Vec::new();
    for item in items {
        if let Some(one) = read(item) {
            all.push(one);
        }
    }
    all
}

/// Takes the item at `index` out; nothing happens where there is none, for which `Vec::remove`
/// would panic, and bring the words for it.
pub fn remove<T>(items: &mut Vec<T>, index: usize) {
    let mut place = 0;
    items.retain(|_| {
        place += 1;
        place != index + 1
    });
}
