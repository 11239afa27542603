// SPDX-License-Identifier: GPL-3.0-or-later
import Records

/// One window of a run a row: how the combination matrices mix that agents have realised in it.
struct WindowTable: ExportTable {
  /// A column and how a window fills it.
  private typealias Field = (name: String, cell: @Sendable (RealisedWindow) -> TableCell)

  var columns: [String] { Self.fields.map(\.name) }

  func addRows(of entry: ResultsFile.Entry, after leading: [UInt8], to lines: inout TableLines) {
    guard case .finished(let run) = entry else { return }
    for window in run.record.windows { lines.add(leading, Self.fields.map { $0.cell(window) }) }
  }

  private static let fields: [Field] = [
    ("start", { .number($0.start) }),
    ("end", { .number($0.end) }),
    ("combinations", { .count($0.combinations.reduce(0, +)) }),
    ("combinations_least", { .optional($0.combinations.min()) }),
    ("steps", { .count($0.steps.reduce(0, +)) }),
    ("steps_least", { .optional($0.steps.min()) }),
    ("own_weight", { .number($0.ownWeights.reduce(0, +) / Double($0.ownWeights.count)) }),
    ("mean_second_singular_value", { .optional($0.mean.secondSingularValue) }),
    ("mean_second_eigenvalue", { .optional($0.mean.secondEigenvalueModulus) }),
    ("mean_row_sum_error", { .number($0.mean.rowSumError) }),
    ("mean_perron_least", { .optional($0.mean.perron?.min()) }),
    ("mean_perron_most", { .optional($0.mean.perron?.max()) }),
    ("product_second_singular_value", { .optional($0.product?.secondSingularValue) }),
    ("product_second_eigenvalue", { .optional($0.product?.secondEigenvalueModulus) }),
    ("product_row_sum_error", { .optional($0.product?.rowSumError) }),
    ("product_perron_least", { .optional($0.product?.perron?.min()) }),
    ("product_perron_most", { .optional($0.product?.perron?.max()) }),
    ("effective_agents", { .optional($0.effectiveAgents) }),
    ("participation_least", { .optional($0.participation?.min()) }),
    ("participation_most", { .optional($0.participation?.max()) }),
  ]
}
