//! Lists that hold only so much: taking one item out, without a panic path.

/// Takes the item at `index` out; nothing happens where there is none, for which `Vec::remove`
/// would panic, and bring the words for it.
pub fn remove<T>(items: &mut Vec<T>, index: usize) {
    let mut place = 0;
    items.retain(|_| {
        place += 1;
        place != index + 1
    });
}

/// Lets the first half go: the oldest, where a list is in the order of time.
pub fn halve<T>(items: &mut Vec<T>) {
    let mut left = items.len() / 2;
    items.retain(|_| {
        let goes = left > 0;
        left = left.saturating_sub(1);
        !goes
    });
}
